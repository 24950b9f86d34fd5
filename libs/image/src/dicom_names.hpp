#pragma once
#include <string>

namespace naevus::image {

/// "JPEG 2000"; the UID itself where it is not known.
std::string name_of_transfer_syntax(const std::string& uid);

/// Whether pictures of that SOP class are photographs of the skin: Dermoscopic and VL Photographic Image Storage.
bool is_photograph(const std::string& sop_class);

/// What a file of another SOP class is, for a person: "a CT image".
/// @param modality  as the file has it; it speaks where the class is not known
std::string name_of_object(const std::string& sop_class, const std::string& modality);

}  // namespace naevus::image

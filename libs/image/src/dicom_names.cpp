#include "dicom_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace naevus::image {
namespace {

using Names = std::pair<std::string_view, std::string_view>;

template <std::size_t n>
std::string_view find(const std::array<Names, n>& names, std::string_view key) {
  const auto* const found = std::ranges::find(names, key, &Names::first);
  return found == names.end() ? std::string_view() : found->second;
}

// PS3.6, annex A.
constexpr std::array<Names, 16> transfer_syntaxes = {{
    {"1.2.840.10008.1.2.1.99", "deflated explicit little endian"},
    {"1.2.840.10008.1.2.2", "explicit big endian"},
    {"1.2.840.10008.1.2.4.51", "extended JPEG"},
    {"1.2.840.10008.1.2.4.57", "lossless JPEG"},
    {"1.2.840.10008.1.2.4.70", "lossless JPEG"},
    {"1.2.840.10008.1.2.4.80", "JPEG-LS"},
    {"1.2.840.10008.1.2.4.81", "JPEG-LS"},
    {"1.2.840.10008.1.2.4.90", "JPEG 2000"},
    {"1.2.840.10008.1.2.4.91", "JPEG 2000"},
    {"1.2.840.10008.1.2.4.100", "MPEG-2"},
    {"1.2.840.10008.1.2.4.102", "MPEG-4"},
    {"1.2.840.10008.1.2.4.103", "MPEG-4"},
    {"1.2.840.10008.1.2.4.107", "HEVC"},
    {"1.2.840.10008.1.2.4.201", "high-throughput JPEG 2000"},
    {"1.2.840.10008.1.2.4.202", "high-throughput JPEG 2000"},
    {"1.2.840.10008.1.2.4.203", "high-throughput JPEG 2000"},
}};

// PS3.4, annex B.5: what is sent by mistake, or has the same modality as a photograph.
constexpr std::array<Names, 22> objects = {{
    {"1.2.840.10008.1.3.10", "a DICOM folder's index (DICOMDIR)"},
    {"1.2.840.10008.5.1.4.1.1.1", "an X-ray image"},
    {"1.2.840.10008.5.1.4.1.1.1.1", "an X-ray image"},
    {"1.2.840.10008.5.1.4.1.1.1.2", "a mammography image"},
    {"1.2.840.10008.5.1.4.1.1.2", "a CT image"},
    {"1.2.840.10008.5.1.4.1.1.2.1", "a CT image"},
    {"1.2.840.10008.5.1.4.1.1.3.1", "an ultrasound image"},
    {"1.2.840.10008.5.1.4.1.1.4", "an MR image"},
    {"1.2.840.10008.5.1.4.1.1.4.1", "an MR image"},
    {"1.2.840.10008.5.1.4.1.1.6.1", "an ultrasound image"},
    {"1.2.840.10008.5.1.4.1.1.7", "a secondary capture"},
    {"1.2.840.10008.5.1.4.1.1.7.4", "a secondary capture"},
    {"1.2.840.10008.5.1.4.1.1.77.1.1", "an endoscopic image"},
    {"1.2.840.10008.5.1.4.1.1.77.1.2", "a microscopic image"},
    {"1.2.840.10008.5.1.4.1.1.77.1.4.1", "a film"},
    {"1.2.840.10008.5.1.4.1.1.77.1.5.1", "a photograph of the eye"},
    {"1.2.840.10008.5.1.4.1.1.77.1.6", "a whole-slide image"},
    {"1.2.840.10008.5.1.4.1.1.88.11", "a text report"},
    {"1.2.840.10008.5.1.4.1.1.104.1", "a PDF document"},
    {"1.2.840.10008.5.1.4.1.1.128", "a PET image"},
    {"1.2.840.10008.5.1.4.1.1.20", "a nuclear medicine image"},
    {"1.2.840.10008.5.1.4.1.1.481.1", "a radiotherapy image"},
}};

}  // namespace

std::string name_of_transfer_syntax(const std::string& uid) {
  const std::string_view name = find(transfer_syntaxes, uid);
  return name.empty() ? "the transfer syntax " + uid : std::string(name);
}

bool is_photograph(const std::string& sop_class) {
  return sop_class == "1.2.840.10008.5.1.4.1.1.77.1.7" || sop_class == "1.2.840.10008.5.1.4.1.1.77.1.4";
}

std::string name_of_object(const std::string& sop_class, const std::string& modality) {
  if (const std::string_view name = find(objects, sop_class); !name.empty()) return std::string(name);
  if (!modality.empty()) return fmt::format("a DICOM object of the modality {} (class {})", modality, sop_class);
  return fmt::format("a DICOM object of the class {}", sop_class.empty() ? "none" : sop_class);
}

}  // namespace naevus::image

#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace naevus::gallery {

/// A picture whose diagnosis is known.
struct Case {
  std::string picture;  ///< BLAKE2b-256 of its file, as store::PictureFolder has it
  std::string label, source, licence;
  bool kept = false;  ///< the data folder held this picture when the gallery was made
};

/// What the nearest cases are worth: measured with pictures that are not in the gallery.
struct Precision {
  int nearest = 5;
  std::size_t pictures = 0;
  double value = 0, low = 0, high = 0;  ///< share of the nearest with the picture's own diagnosis; 95 % interval
  double of_classes = 0;                ///< the mean of the diagnoses' own shares
  double by_chance = 0;                 ///< the share among cases taken at random
};

/// All that a gallery's file holds.
struct Contents {
  std::string model, model_version;  ///< for people
  std::string model_sha256;          ///< of the file whose embedding this is
  std::size_t width = 0;             ///< of the embedding
  std::vector<Case> cases;
  std::vector<float> embedding;                    ///< [cases, width], each of length 1
  std::vector<std::vector<std::byte>> thumbnails;  ///< [cases], JPEG
  std::optional<Precision> precision;
};

/// Where the gallery of a data folder lies.
std::filesystem::path gallery_file(const std::filesystem::path& data);

/// @throws IoError; InputError if the file is damaged or a newer program's
Contents read_gallery(const std::filesystem::path& file);

/// Writes it whole in the place of the one before, without the cases that the data folder held when they were taken and
/// does not hold any more: they were erased since. Nobody else changes the file meanwhile.
/// @param has  whether the data folder holds a picture
/// @throws IoError
void put_gallery(const std::filesystem::path& file, Contents contents,
                 const std::function<bool(const std::string& picture)>& has);

/// Takes cases out: written whole without them before it returns, and removed where none is left. A file that is not
/// there holds none; one that can't be read is removed.
/// @return how many
/// @throws IoError
std::size_t remove_cases(const std::filesystem::path& file, const std::function<bool(const Case&)>& gone);

}  // namespace naevus::gallery

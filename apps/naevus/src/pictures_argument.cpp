#include "pictures_argument.hpp"

#include <glob.h>

#include <algorithm>
#include <memory>
#include <system_error>

#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> in_folder(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    std::error_code unreadable;  // a dangling link is no picture
    if (image::has_picture_extension(entry->path()) && entry->is_regular_file(unreadable))
      files.push_back(entry->path());
  }
  if (error) throw IoError("this folder can't be read: " + error.message(), folder.string());
  if (files.empty())
    throw InputError("this folder holds no pictures", folder.string(),
                     "JPEG, PNG, WebP, TIFF, BMP and DICOM photographs are read");
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> matching(const std::string& pattern) {
  glob_t found{};
  const int code = glob(pattern.c_str(), GLOB_MARK, nullptr, &found);
  const std::unique_ptr<glob_t, decltype(&globfree)> owner(&found, &globfree);
  if (code == GLOB_NOMATCH) throw InputError("nothing matches this pattern", pattern);
  if (code != 0) throw IoError("this pattern can't be looked up", pattern);
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < found.gl_pathc; ++i)
    if (image::has_picture_extension(found.gl_pathv[i])) files.emplace_back(found.gl_pathv[i]);
  if (files.empty()) throw InputError("no picture matches this pattern", pattern);
  return files;
}

}  // namespace

std::vector<fs::path> picture_files(const std::vector<std::string>& arguments) {
  std::vector<fs::path> files;
  for (const std::string& argument : arguments) {
    std::error_code error;
    const fs::file_status status = fs::status(argument, error);
    std::vector<fs::path> more{argument};
    if (fs::is_directory(status))
      more = in_folder(argument);
    else if (!fs::exists(status) && argument.find_first_of("*?[") != std::string::npos)
      more = matching(argument);
    files.insert(files.end(), more.begin(), more.end());
  }
  return files;
}

}  // namespace naevus::app

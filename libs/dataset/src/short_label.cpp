#include <algorithm>
#include <unordered_map>

#include "naevus/base/text.hpp"
#include "naevus/dataset/label_map.hpp"

namespace naevus::dataset {
namespace {

// Names in HAM10000, the ISIC challenges and archive, PH2 and the class folders that circulate.
const std::unordered_map<std::string, std::string>& synonyms() {
  static const std::unordered_map<std::string, std::string> table = {
      {"actinic keratoses", "ak"},
      {"actinic keratosis", "ak"},
      {"solar or actinic keratosis", "ak"},
      {"actinic keratoses and intraepithelial carcinoma", "akiec"},
      {"actinic keratosis / bowen's disease", "akiec"},
      {"basal cell carcinoma", "bcc"},
      {"benign keratosis", "bkl"},
      {"benign keratosis like lesions", "bkl"},
      {"dermatofibroma", "df"},
      {"lentigo nos", "lentigo"},
      {"lentigo simplex", "lentigo"},
      {"solar lentigo", "lentigo"},
      {"lichenoid keratosis", "lk"},
      {"lichen planus like keratosis", "lk"},
      {"melanoma", "mel"},
      {"melanoma, nos", "mel"},
      {"melanoma in situ", "mel"},
      {"melanoma invasive", "mel"},
      {"melanocytic nevi", "nv"},
      {"melanocytic nevus", "nv"},
      {"naevus", "nv"},
      {"nevus", "nv"},
      {"nevi", "nv"},
      {"pigmented benign keratosis", "pbk"},
      {"seborrheic keratosis", "sk"},
      {"seborrhoeic keratosis", "sk"},
      {"squamous cell carcinoma", "scc"},
      {"vascular lesion", "vasc"},
      {"vascular lesions", "vasc"},
      {"unknown", "unk"},
  };
  return table;
}

}  // namespace

std::string short_label(const std::string& text) {
  const std::string key = folded(text);
  const auto found = synonyms().find(key);
  if (found != synonyms().end()) return found->second;
  // Not a name that is known here: its own hyphens and underscores stay.
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  std::string result = text.substr(first, text.find_last_not_of(" \t") - first + 1);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_known_diagnosis(const std::string& text) {
  static const std::set<std::string> names = {"ak",
                                              "akiec",
                                              "atypical melanocytic proliferation",
                                              "cafe-au-lait macule",
                                              "angioma",
                                              "bcc",
                                              "benign",
                                              "bkl",
                                              "df",
                                              "lentigo",
                                              "lk",
                                              "malignant",
                                              "mel",
                                              "nv",
                                              "pbk",
                                              "scc",
                                              "sk",
                                              "unk",
                                              "vasc"};
  return names.contains(short_label(text));
}

std::vector<std::string> usual_malignant(std::span<const std::string> classes) {
  static const std::set<std::string> known = {"ak", "akiec", "bcc", "malignant", "mel", "scc"};
  std::vector<std::string> result;
  std::copy_if(classes.begin(), classes.end(), std::back_inserter(result),
               [](const std::string& name) { return known.contains(name); });
  return result;
}

}  // namespace naevus::dataset

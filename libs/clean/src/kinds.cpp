#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "naevus/base/error.hpp"
#include "naevus/base/text.hpp"
#include "naevus/clean/finding.hpp"

namespace naevus::clean {

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> list{
      {"leak", "Leaks between parts", "The same picture stands in two parts: a test on it measures memory, not skill.",
       Action::drop},
      {"contradictory_label", "Contradictory labels",
       "Copies of one picture carry different labels: at most one of them is right, and nothing here tells which.",
       Action::drop},
      {"unreadable", "Unreadable files", "The file can't be read or decoded to its end, or holds an animation.",
       Action::drop},
      {"off_topic", "Not a skin lesion", "The model finds nothing in it that it was trained on.", Action::report},
      {"label_error", "Likely label errors",
       "Models that never saw the picture are sure of another label (confident learning).", Action::report},
      {"lesion_two_labels", "One lesion, two diagnoses", "Pictures of one lesion carry different labels.",
       Action::report},
      {"exact_copy", "Exact copies", "The same bytes or the same pixels, perhaps turned by quarter turns or mirrored.",
       Action::drop},
      {"near_copy", "Near copies",
       "The same photograph, recompressed, resized, cropped, squashed, turned or changed in light or colour.",
       Action::report},
      {"same_lesion", "Likely the same lesion", "Another photograph of what may be the same lesion.", Action::report},
      {"shortcut", "Shortcuts",
       "An artefact goes with the label more often than chance would have it: a model would learn the artefact.",
       Action::report},
      {"contradictory_row", "Contradictory rows", "One picture stands in two rows that disagree.", Action::report},
      {"duplicate_row", "Duplicate rows", "One picture stands in two rows that agree.", Action::drop},
      {"impossible_value", "Impossible values", "A value that no patient or picture can have.", Action::report},
      {"unknown_label", "Unknown labels", "A label that is empty, rare or nearly another one.", Action::report},
      {"missing_value", "Missing values", "A value that others have.", Action::report},
      {"outlier", "Outliers", "A value far from all others of its column.", Action::report},
      {"wrong_extension", "Wrong extensions", "The file is of another format than its name says.", Action::report},
      {"orientation", "Orientation tags",
       "The file asks to be turned before it is shown; programs that ignore that see it turned.", Action::report},
      {"color_space", "Odd colour", "Not plain 8-bit RGB: programs differ in the colours that they show.",
       Action::report},
      {"extreme_size", "Extreme size or shape", "Very small, very large or very long.", Action::report},
      {"blurred", "Blurred", "No sharp detail is left.", Action::report},
      {"dark", "Dark", "Underexposed.", Action::report},
      {"overexposed", "Overexposed", "Large parts are burnt out.", Action::report},
      {"low_contrast", "Low contrast", "Lesion and skin are hardly told apart.", Action::report},
      {"low_information", "Low information", "Hardly more than one colour.", Action::report},
      {"tiny_lesion", "Tiny lesions", "The lesion fills little of the picture.", Action::report},
      {"compression", "Compression blocks", "The grid of strong JPEG compression is seen.", Action::report},
      {"hair", "Hair", "Hair lies over the lesion.", Action::report},
      {"ruler", "Ruler marks", "Marks of a ruler are seen.", Action::report},
      {"ink", "Ink", "Marks of a pen are seen.", Action::report},
      {"vignette", "Dark corners", "The round rim of the dermoscope is seen.", Action::report},
      {"bubbles", "Air bubbles", "Bubbles of air in the gel are seen.", Action::report},
      {"color_patch", "Colour patches", "Part of a colour chart or sticker is seen.", Action::report},
  };
  return list;
}

const Kind& kind_of(const std::string& name, const std::string& where) {
  const auto found = std::find_if(kinds().begin(), kinds().end(), [&](const Kind& kind) { return kind.name == name; });
  if (found != kinds().end()) return *found;
  std::vector<std::string> names;
  for (const Kind& kind : kinds()) names.push_back(kind.name);
  throw UsageError(fmt::format("there is no kind '{}'", name), where,
                   fmt::format("did you mean '{}'?", nearest_word(name, names)));
}

void sort_findings(std::vector<Finding>& findings) {
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < kinds().size(); ++i) place.emplace(kinds()[i].name, i);
  std::stable_sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
    return std::forward_as_tuple(place[a.kind], b.score, a.image, a.other) <
           std::forward_as_tuple(place[b.kind], a.score, b.image, b.other);
  });
}

}  // namespace naevus::clean

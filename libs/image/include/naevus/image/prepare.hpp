#pragma once
#include <map>
#include <string>
#include <vector>

#include "naevus/image/image.hpp"

namespace naevus::image {

/// How a picture is resized; all are separable, antialiased when they shrink, and share one form.
enum class Filter {
  triangle,  ///< bilinear where it enlarges
  area,      ///< the mean over the area that an output pixel covers, edge pixels by the share that is covered
  lanczos,   ///< sinc(x) sinc(x / 3), |x| < 3: sharpest, with slight rings at hard edges
};

/// Separable resize, the formula that C++, TypeScript and the golden file share.
///
/// For output size m of input size n along one axis: scale s = n / m, f = max(s, 1); output i has its centre at
/// c = (i + 0.5) * s; input j at the distance d = |j + 0.5 - c| counts with the weight below, normalised to sum 1.
///   triangle  1 - d / f                            where d < f
///   area      min(s, 1, (s + 1) / 2 - d)           where d < (s + 1) / 2: the overlap of [j, j+1) with [i s, (i+1) s)
///   lanczos   sinc(d / f) sinc(d / (3 f))          where d < 3 f; sinc(x) = sin(pi x) / (pi x)
/// Horizontal pass first, then vertical; float32 between the passes, at the end rounded half up and limited to uint8.
/// (Pillow's BILINEAR and LANCZOS are the same filters, and its BOX is `area` where n is a multiple of m; with its
/// sums in fixed point, and LANCZOS limited to uint8 between the passes too.)
Image resize(const Image& image, int width, int height, Filter filter = Filter::triangle);

/// The part of the picture that is looked at.
enum class Frame {
  centre_square,  ///< the largest centred square; an odd remainder leaves the extra pixel at the right and the bottom
  whole,          ///< all of it, its aspect given up
};

/// Black corners, as dermatoscopes leave them around a round field of view.
enum class Vignette {
  none,  ///< left
  /// Where the frame shows a dark rim around a round field, the largest square within field and picture is looked at
  /// instead. What has no such rim, a dark lesion at the edge, black bars, is left as it is.
  crop,
};

enum class HairRemoval {
  none,
  dullrazor,  ///< after Lee et al. 1997: remove_hair() of naevus/image/hair.hpp
};

enum class Denoise {
  none,
  median,           ///< of 3 x 3 pixels, by channel
  bilateral,        ///< Tomasi & Manduchi 1998: sigma 25 levels in colour, 2 pixels in place, 9 pixels wide
  non_local_means,  ///< Buades, Coll & Morel 2005 in L and ab of CIE Lab: h = 3, patches of 7, a window of 21 pixels
};

enum class Contrast {
  none,
  clahe,  ///< Zuiderveld 1994 on L of CIE Lab: 8 x 8 tiles, clip limit 2 (times the mean of a tile's histogram)
};

/// The colour of the light, estimated and taken out: see naevus/image/colour_constancy.hpp.
enum class ColourConstancy {
  none,
  grey_world,      ///< Buchsbaum 1980: the mean colour is grey
  shades_of_grey,  ///< Finlayson & Trezzi 2004: the Minkowski mean with p = 6 is grey
  max_rgb,         ///< Land 1977: the brightest red, green and blue are white
};

/// The steps from a decoded picture to the network, in their order: vignette and frame (the crop), hair removal,
/// denoise, contrast, resize to width x height, uint8; and, within the model file's graph, colour constancy.
///
/// Hair removal, denoise and contrast see the cropped picture at its own size; one above working_side() is first
/// shrunk to it, with the same filter, so that widths in pixels mean the same for every camera and the cost is bounded.
struct Preparation {
  int width = 224;
  int height = 224;
  Frame frame = Frame::centre_square;
  Vignette vignette = Vignette::none;
  HairRemoval hair_removal = HairRemoval::none;
  Denoise denoise = Denoise::none;
  Contrast contrast = Contrast::none;
  Filter resize = Filter::triangle;
  ColourConstancy colour_constancy = ColourConstancy::none;
  bool operator==(const Preparation&) const = default;
};

/// All steps but colour constancy, which the graph does. Training's validation, `evaluate`, `predict` and the server
/// all call this.
Image prepare(const Image& image, const Preparation& preparation);

/// prepare() up to the resize: crop, hair removal, denoise, contrast.
Image clean(const Image& image, const Preparation& preparation);

/// The longer side that hair removal, denoise and contrast work at, at most: 1024 pixels, or the output's where that is
/// larger.
int working_side(const Preparation& preparation);

/// What training keeps of a picture to vary it: clean(), so that the steps come before the augmentation, at the same
/// scale and of the same pixels as in prepare(). A preparation that has none of those steps and no vignette crop leaves
/// the picture whole: turning and shifting then show what lies around the frame.
Image before_augmentation(Image image, const Preparation& preparation);

/// What is left to do on a picture of before_augmentation(): the preparation that augment() takes.
/// With `p` and any picture, prepare(before_augmentation(picture, p), after_cleaning(p)) equals prepare(picture, p).
Preparation after_cleaning(const Preparation& preparation);

/// One switch of a preparation, as configs, cards and flags name it.
struct Step {
  std::string name;                  ///< "denoise"
  std::string help;                  ///< a phrase
  std::vector<std::string> choices;  ///< its values' names; the first is the default
};

/// All of them, in their order.
const std::vector<Step>& steps();

/// @throws UsageError naming the step or value that there is not
void set_step(Preparation& preparation, const std::string& step, const std::string& value);

/// The name of the step's value. @throws UsageError naming the step that there is not
std::string step_value(const Preparation& preparation, const std::string& step);

/// The steps that are not at their default, but for the frame, by name: what a model's card says.
std::map<std::string, std::string> chosen_steps(const Preparation& preparation);

/// The same text for the same pixels of prepare(): size and all steps but colour constancy, for caches and messages;
/// "224x224 frame=whole denoise=median", steps at their default left out.
std::string to_string(const Preparation& preparation);

}  // namespace naevus::image

#pragma once
#include <array>
#include <cstddef>

/// Every number that the search for near copies was tuned by, in one place. Tuned on the set that
/// `bench/copies/make_set.py 101` makes, and on every fifth picture of HAM10000 as 224 × 224 squares against all of it
/// as strongly compressed 200 × 150 frames. "True" and "false" below are pairs of those.
namespace naevus::copies::parameters {

// --- the pictures
// -----------------------------------------------------------------------------------------------------

/// A thumbnail whose grey levels deviate by less than this has no structure but the codec's: only exact copies of it
/// are looked for.
inline constexpr double least_deviation = 0.5;

/// Pixels of a picture's shorter side: smaller ones have too little fine structure for a proof. Of 140 rendered lesions
/// 64 pixels wide 5 pairs passed for copies, of those 96 wide none. Exact copies are found at any size.
inline constexpr int least_side = 80;

// --- the index
// --------------------------------------------------------------------------------------------------------

/// Shares of the side that a centred crop may have kept, for which a view is looked up; between them the descriptors
/// still correlate. The last is the centre square of a 4:3 frame along one side.
inline constexpr std::array kept_sides{1.0, 0.92, 0.84, 0.75};
/// Views in the four corners: without them an off-centre crop to 92 % correlated 0.70 from afar, lower than many false.
inline constexpr double corner_side = 0.94;
/// Tables, signs tried both ways and other signs that may differ: 6, 3 and 8 find 1,298 of 1,300 copies; 6, 4 and 10
/// find 1,299 in 1.3 times the time; 4, 3 and 8 find 1,297 in 0.8 times.
inline constexpr std::size_t tables = 4;
inline constexpr int doubtful_signs = 3;
inline constexpr int most_other_signs = 8;
/// Keys are made of the lowest of the telling frequencies: the higher ones do not survive a crop's shift.
inline constexpr int key_coefficients = 24;
/// Of a descriptor's length: slopes that differ by less leave the upright position in doubt, and both are tried.
inline constexpr double position_doubt = 0.08;
/// Weight of the frequencies, as a power of their square: 0.75 ranks off-centre crops before more of the false pairs
/// than 0.5 or 1.
inline constexpr float far_exponent = 0.75F;
/// Crops that no view fits exactly correlate by 0.84 and more, a false pair by 0.64 in the median.
inline constexpr double least_far_correlation = 0.8;
/// Of the pictures that one picture's views find, as many go on; the true one is nearly always the first.
inline constexpr std::size_t most_candidates = 8;

// --- the thumbnails
// ---------------------------------------------------------------------------------------------------

/// Once aligned at half size, true pairs correlate by 0.95 and more.
inline constexpr double least_thumbnail_correlation = 0.9;
/// As far_exponent, once aligned: then the fine structure decides, and nothing is lost by a shift.
inline constexpr double near_exponent = 1.25;
/// True pairs have 0.935 and more (0.986 where neither is strongly compressed); a quarter of the false have.
inline constexpr double least_near_correlation = 0.92;

// --- the pixels
// -------------------------------------------------------------------------------------------------------

/// Pictures are compared at this side at most: 200 × 150 frames have no more than this to tell.
inline constexpr int most_pixels = 112;
/// Radii of the box blurs between which the fine structure lies. Narrower bands (0…2, 1…3) are lost by compression
/// (true pairs fall to 0.5), wider ones (2…8, 4…16) are alike in different moles (false pairs reach 0.9).
inline constexpr int fine_radius = 1, coarse_radius = 5;
/// Fields along each side for the median, and the pixels that one must have along each side to say something.
inline constexpr int fields = 8, least_field = 8;

}  // namespace naevus::copies::parameters

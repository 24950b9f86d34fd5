#include "naevus/train/config.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "naevus/base/error.hpp"
#include "naevus/image/augmentation_keys.hpp"

namespace naevus::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The message of the UsageError that the text gives.
std::string refusal(const std::string& text) {
  try {
    parse_config(text, "ham.toml");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "(accepted)";
}

TEST(Config, NamesLineAndNearestKeyOfAnUnknownOne) {
  const auto message = refusal("epochs = 3\nlearning_rat = 0.1\n");
  EXPECT_THAT(message, HasSubstr("ham.toml:2"));
  EXPECT_THAT(message, HasSubstr("'learning_rat'"));
  EXPECT_THAT(message, HasSubstr("did you mean 'learning_rate'?"));
  EXPECT_THAT(refusal("[augmentation]\nrotatoin = 10"), HasSubstr("'augmentation.rotation'"));
}

TEST(Config, RefusesAnotherTypeWithWhatTheKeyTakes) {
  EXPECT_THAT(refusal("epochs = \"many\""), HasSubstr("it takes: whole number"));
  EXPECT_THAT(refusal("epochs = 2.5"), HasSubstr("it takes: whole number"));
  EXPECT_THAT(refusal("epochs = [1, 2]"), HasSubstr("it takes: whole number"));
  EXPECT_THAT(refusal("\nchannels_last = 1"), HasSubstr("ham.toml:2: channels_last = 1"));
  EXPECT_THAT(refusal("name = 7"), HasSubstr("it takes: text"));
  EXPECT_THAT(refusal("optimiser = \"lion\""), HasSubstr("it takes: sgd|adam|adamw"));
  EXPECT_THAT(refusal("learning_rate = \"0.1\""), HasSubstr("it takes: number"));
  EXPECT_THAT(refusal("[epochs]\nx = 1"), HasSubstr("it takes: whole number"));
}

TEST(Config, RefusesNumbersOutOfRangeNamingIt) {
  EXPECT_THAT(refusal("epochs = 0"), HasSubstr("it lies between 1 and 10000"));
  EXPECT_THAT(refusal("seed = -1"), HasSubstr("seed"));
  EXPECT_THAT(refusal("dropout = 0.99"), HasSubstr("it lies between 0 and 0.95"));
  EXPECT_THAT(refusal("learning_rate = nan"), HasSubstr("out of range"));
  EXPECT_THAT(refusal("learning_rate = inf"), HasSubstr("out of range"));
  EXPECT_THAT(refusal("size = 8"), HasSubstr("out of range"));
}

TEST(Config, TakesOfTheAugmentationWhatTheAugmentationTakes) {
  for (const auto& option : image::augmentation_keys()) {
    if (std::holds_alternative<bool image::Augmentation::*>(option.field)) continue;
    const auto accepted = [&](double value) {
      return refusal(fmt::format("augmentation.{} = {}", option.name, value)) == "(accepted)";
    };
    EXPECT_TRUE(accepted(option.low) && accepted(option.high)) << option.name;
    EXPECT_FALSE(accepted(option.low - 1) || accepted(option.high + 1)) << option.name;
  }
}

TEST(Config, RefusesBrokenTomlWithItsLine) {
  EXPECT_THAT(refusal("epochs = 3\nbatch = = 4"), HasSubstr("ham.toml:2"));
}

TEST(Config, TakesWholeNumbersWhereRealOnesAreAsked) {
  EXPECT_EQ(parse_config("learning_rate = 1", "").learning_rate, 1.0);
}

TEST(Config, SizeSetsWidthAndHeight) {
  const Config config = parse_config("size = 128", "");
  EXPECT_EQ(config.width, 128);
  EXPECT_EQ(config.height, 128);
  Config flags;
  set(flags, "size", "96");
  EXPECT_EQ(flags.width, 96);
  EXPECT_EQ(flags.height, 96);
}

TEST(Config, EveryDefaultLiesInItsOwnRange) {
  Config config;
  for (const auto& key : config_keys()) EXPECT_NO_THROW(set(config, key.name, key.initial)) << key.name;
  EXPECT_EQ(config, Config{});
}

TEST(Config, ComesBackFromToml) {
  Config config;
  config.manifest = "/data/a \"quoted\" name\\with\nall.csv";
  config.data = "HAM10000 – Tschandl, Rosendahl & Kittler";
  config.learning_rate = 0.1 + 0.2;  // a number that needs all 17 digits
  config.seed = 9007199254740991U;
  config.channels_last = false;
  config.preparation.denoise = "bilateral";
  config.preparation.colour_constancy = "max_rgb";
  config.augmentation.rotation = 33.25;
  config.augmentation.flip = false;
  EXPECT_EQ(parse_config(to_toml(config), "config.toml"), config);
  EXPECT_EQ(parse_config(to_toml(Config{}), "config.toml"), Config{});
}

TEST(Config, NamesStepsOfThePreparationAsTheyAreNamedElsewhere) {
  const Config config = parse_config("frame = \"whole\"\n[preparation]\nvignette = \"crop\"\nresize = \"area\"", "");
  EXPECT_EQ(preparation_of(config),
            (image::Preparation{
                .frame = image::Frame::whole, .vignette = image::Vignette::crop, .resize = image::Filter::area}));
  for (const auto& step : image::steps()) {
    for (const auto& choice : step.choices) {
      Config changed;
      set(changed, step.name == "frame" ? "frame" : "preparation." + step.name, choice);
      EXPECT_EQ(image::step_value(preparation_of(changed), step.name), choice);
    }
  }
  EXPECT_THAT(refusal("[preparation]\ndenoise = \"wavelet\""), HasSubstr("non_local_means"));
  EXPECT_THAT(refusal("[preparation]\ndenoize = \"median\""), HasSubstr("'preparation.denoise'"));
}

TEST(Config, NamesWhatDiffers) {
  Config changed;
  changed.epochs = 7;
  changed.augmentation.hue = 0.25;
  EXPECT_THAT(differences(Config{}, changed), ElementsAre("epochs", "augmentation.hue"));
  EXPECT_TRUE(differences(changed, changed).empty());
}

}  // namespace
}  // namespace naevus::train

#include "naevus/train/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "checkpoint.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/encode.hpp"

namespace naevus::train {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Pictures of noise in two classes, one lighter than the other, and a config for them.
class Run : public testing::Test {
 protected:
  Run() {
    std::string manifest = "image,label,split\n";
    for (std::uint64_t i = 0; i < 24; ++i) {
      const bool light = i % 2 == 1;
      image::Image picture(32, 32);
      Random random(i);
      for (auto& value : picture.pixels) value = static_cast<std::uint8_t>(random.below(120) + (light ? 120U : 20U));
      const auto name = "picture" + std::to_string(i) + ".png";
      write_file(folder / name, image::encode_png(picture));
      manifest += name + (light ? ",nv," : ",mel,") + (i < 16 ? "train" : "validation") + "\n";
    }
    write_file(folder / "split.csv", manifest);
  }

  Config config(const std::string& out) const {
    Config config;
    config.manifest = folder / "split.csv";
    config.out = folder / out;
    config.architecture = "scratch-cnn";
    config.width = config.height = 32;
    config.epochs = 3;
    config.batch = 4;
    config.threads = 1;
    return config;
  }

  /// Stops the run as soon as its first checkpoint is written.
  static void run_and_stop(const Config& config) {
    StopToken stop;
    std::atomic<bool> over = false;
    std::thread watcher([&] {
      while (!over && !fs::exists(fs::path(config.out) / "checkpoint")) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      stop.request();
    });
    EXPECT_THROW(run(config, {.stop = stop}), Cancelled);
    over = true;
    watcher.join();
  }

  template <typename Refusal>
  static std::string refusal(const Config& config, const RunOptions& options) {
    try {
      run(config, options);
    } catch (const Refusal& error) {
      return error.what();
    }
    return "(accepted)";
  }

  TemporaryFolder folder;
};

TEST_F(Run, StoppedAndResumedGivesTheModelOfAnUninterruptedOne) {
  const auto whole = run(config("whole"), {});
  run_and_stop(config("stopped"));
  const auto position = load_checkpoint(folder / "stopped").position;
  EXPECT_LT(position.epoch, 3);
  EXPECT_FALSE(fs::exists(folder / "stopped/model.onnx"));
  const auto resumed = run(config("stopped"), {.resume = true});
  EXPECT_EQ(read_file(resumed.model), read_file(whole.model));
  EXPECT_EQ(read_file(folder / "stopped/best.safetensors"), read_file(folder / "whole/best.safetensors"));
  EXPECT_EQ(resumed.best_epoch, whole.best_epoch);
  EXPECT_EQ(resumed.macro_auc, whole.macro_auc);
}

TEST_F(Run, StoppedAndResumedDrawsTheSameMixturesAndSteps) {
  const auto varied = [this](const std::string& out) {
    Config config = this->config(out);
    config.augmentation.mixup = config.augmentation.cutmix = 1;
    config.augmentation.randaugment = 2;
    config.augmentation.elastic = 0.03;
    config.augmentation.noise = 10;
    return config;
  };
  const auto whole = run(varied("whole"), {});
  run_and_stop(varied("stopped"));
  const auto resumed = run(varied("stopped"), {.resume = true});
  EXPECT_EQ(read_file(resumed.model), read_file(whole.model));
  run(config("plain"), {});
  EXPECT_NE(read_file(folder / "plain/best.safetensors"), read_file(folder / "whole/best.safetensors"));
}

TEST_F(Run, ResumedAfterItsEndGivesTheSameModel) {
  const auto model = read_file(run(config("run"), {}).model);
  fs::remove(folder / "run/model.onnx");  // as if killed while it was made
  const auto result = run(config("run"), {.resume = true});
  EXPECT_EQ(result.epochs, 3);
  EXPECT_EQ(read_file(result.model), model);
}

TEST_F(Run, IsNotResumedWithAnotherConfigOrManifest) {
  run_and_stop(config("run"));
  auto changed = config("run");
  changed.learning_rate = 0.5;
  changed.augmentation.hue = 0.1;
  EXPECT_THAT(refusal<UsageError>(changed, {.resume = true}), HasSubstr("learning_rate, augmentation.hue"));

  auto moved = config("run");
  moved.checkpoint_seconds = 1;
  moved.manifest = folder / "moved.csv";
  auto text = read_text(folder / "split.csv");
  write_file(moved.manifest, text);
  EXPECT_EQ(run(moved, {.resume = true}).epochs, 3);

  text.replace(text.find("nv,train"), 8, "mel,train");
  write_file(moved.manifest, text);
  EXPECT_THAT(refusal<UsageError>(moved, {.resume = true}), HasSubstr("another manifest"));
}

TEST_F(Run, IsFoundAgainThroughTheConfigInItsFolder) {
  // The paths in the file are relative to it, so the folder can move together with the data.
  const auto here = fs::current_path();
  fs::current_path(folder.path());
  auto relative = config("runs/run");
  relative.manifest = "split.csv";
  relative.out = "runs/run";
  run_and_stop(relative);
  fs::current_path(here);
  fs::create_directory(folder / "elsewhere");
  const std::vector<fs::directory_entry> entries(fs::directory_iterator(folder.path()), fs::directory_iterator());
  for (const auto& entry : entries) {
    if (entry.path().filename() != "elsewhere") fs::rename(entry, folder / "elsewhere" / entry.path().filename());
  }
  const auto again = read_config(folder / "elsewhere/runs/run/config.toml");
  EXPECT_EQ(run(again, {.resume = true}).epochs, 3);
  EXPECT_TRUE(fs::exists(folder / "elsewhere/runs/run/model.onnx"));
}

TEST_F(Run, RefusesAScaleThatStandsOnItsHead) {
  auto config = this->config("run");
  config.augmentation.scale_low = 1.5;
  EXPECT_THAT(refusal<UsageError>(config, {}), HasSubstr("scale_low 1.5 is above scale_high 1.2"));
  EXPECT_FALSE(fs::exists(folder / "run"));
}

TEST_F(Run, IsKeptUnlessItIsToBeReplaced) {
  const auto model = read_file(run(config("run"), {}).model);
  EXPECT_THAT(refusal<UsageError>(config("run"), {}), HasSubstr("already holds a run"));
  fs::remove(folder / "run/checkpoint");
  fs::remove(folder / "run/checkpoint.previous");
  EXPECT_THAT(refusal<UsageError>(config("run"), {.resume = true}), HasSubstr("no checkpoint to go on from"));
  EXPECT_EQ(read_file(folder / "run/model.onnx"), model);
  auto other = config("run");
  other.seed = 2;
  run(other, {.overwrite = true});
  EXPECT_NE(read_file(folder / "run/model.onnx"), model);
}

TEST_F(Run, StartsWhereThereIsNoneToResume) {
  EXPECT_EQ(run(config("run"), {.resume = true}).epochs, 3);
}

TEST_F(Run, GoesOnFromTheCheckpointBeforeADamagedOne) {
  const auto whole = run(config("whole"), {});
  run(config("run"), {});
  const auto checkpoint = read_file(folder / "run/checkpoint");
  write_file(folder / "run/checkpoint", std::span(checkpoint).first(checkpoint.size() / 2));
  EXPECT_EQ(read_file(run(config("run"), {.resume = true}).model), read_file(whole.model));
}

TEST_F(Run, ThatDivergesSaysSoAndWhatToDo) {
  auto config = this->config("run");
  config.batch = 16;  // one step an epoch: the answers to the validation part are the first that are no numbers
  config.epochs = 30;
  config.ema = 0;
  config.optimiser = "adamw";
  config.learning_rate = 100;
  config.warmup = 0;
  config.head_learning_rate = 1000;
  config.weight_decay = 10;
  const auto message = refusal<InputError>(config, {});
  EXPECT_THAT(message, HasSubstr("training has diverged"));
  EXPECT_THAT(message, HasSubstr("smaller --learning-rate (it was 100)"));
}

TEST_F(Run, LeavesOutPicturesThatCannotBeRead) {
  write_file(folder / "picture3.png", "no picture");
  EXPECT_EQ(run(config("run"), {}).epochs, 3);
}

}  // namespace
}  // namespace naevus::train

#include "checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::train {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Checkpoint some_checkpoint(int epoch) {
  Checkpoint checkpoint;
  auto& p = checkpoint.position;
  p.epoch = epoch;
  p.batch = 3;
  p.loss_sum = 0.1 + 0.2;  // a number that needs all 17 digits
  p.seconds = 12.5;
  p.best_epoch = 1;
  p.best_balanced_accuracy = 1.0 / 3;
  p.best_macro_auc = 0.75;
  p.plateau = {.factor = 0.3, .waited = 2};
  p.rows.push_back({.epoch = 1, .learning_rate = 1e-3, .train_loss = 0.7, .macro_auc = 0.75, .time = 1.7e9});
  checkpoint.config = "epochs = 4\n";
  checkpoint.data_hash = "0123456789abcdef";
  checkpoint.trainer.weights["conv.weight"] = {{2, 1, 1, 2}, {1.5F, -2, 3e-38F, 4}};
  checkpoint.trainer.average["conv.weight"] = {{2, 1, 1, 2}, {1, 2, 3, 4}};
  checkpoint.trainer.optimiser["first/conv.weight"] = {{2, 1, 1, 2}, {5, 6, 7, 8}};
  checkpoint.trainer.steps = 12345678901234U;
  checkpoint.best["conv.weight"] = {{2, 1, 1, 2}, {9, 10, 11, 12}};
  return checkpoint;
}

std::string refusal(const fs::path& path) {
  try {
    decode_checkpoint(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "(accepted)";
}

TEST(Checkpoint, ComesBackToTheBit) {
  const TemporaryFolder folder;
  const Checkpoint before = some_checkpoint(2);
  save_checkpoint(folder.path(), before);
  const Checkpoint after = load_checkpoint(folder.path());
  EXPECT_EQ(after.position.epoch, 2);
  EXPECT_EQ(after.position.batch, 3U);
  EXPECT_EQ(after.position.loss_sum, before.position.loss_sum);
  EXPECT_EQ(after.position.best_balanced_accuracy, before.position.best_balanced_accuracy);
  EXPECT_EQ(after.position.plateau.factor, 0.3);
  EXPECT_EQ(after.position.plateau.waited, 2);
  ASSERT_EQ(after.position.rows.size(), 1U);
  EXPECT_EQ(after.position.rows[0].train_loss, 0.7);
  EXPECT_EQ(after.config, before.config);
  EXPECT_EQ(after.data_hash, before.data_hash);
  EXPECT_EQ(after.trainer.weights, before.trainer.weights);
  EXPECT_EQ(after.trainer.average, before.trainer.average);
  EXPECT_EQ(after.trainer.optimiser, before.trainer.optimiser);
  EXPECT_EQ(after.trainer.steps, before.trainer.steps);
  EXPECT_EQ(after.best, before.best);
  EXPECT_EQ(encode_checkpoint(after), encode_checkpoint(before));
}

TEST(Checkpoint, IsRefusedWhereverItIsCutShort) {
  const TemporaryFolder folder;
  const auto whole = encode_checkpoint(some_checkpoint(2));
  for (std::size_t length = 0; length < whole.size(); length += 1 + length / 16) {
    write_file(folder / "checkpoint", std::span(whole).first(length));
    EXPECT_THAT(refusal(folder / "checkpoint"), HasSubstr("the checkpoint is damaged")) << length << " bytes";
  }
}

TEST(Checkpoint, IsRefusedWhicheverByteChanges) {
  const TemporaryFolder folder;
  const auto whole = encode_checkpoint(some_checkpoint(2));
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    auto changed = whole;
    changed[at] ^= std::byte{1};
    write_file(folder / "checkpoint", changed);
    EXPECT_THAT(refusal(folder / "checkpoint"), HasSubstr("the checkpoint is damaged")) << "byte " << at;
  }
}

TEST(Checkpoint, IsRefusedWhereAnotherFileStandsInItsPlace) {
  const TemporaryFolder folder;
  const fs::path path = folder / "checkpoint", golden = NAEVUS_SOURCE_DIR "/tests/golden";
  write_file(path, "a text");
  EXPECT_THAT(refusal(path), HasSubstr("the checkpoint is damaged"));
  network::StateDict weights;
  weights["a"] = {{1}, {2}};
  write_file(path, network::to_safetensors(weights));
  EXPECT_THAT(refusal(path), HasSubstr("the checkpoint is damaged"));
  for (const char* name : {"images/rgb.jpg", "pth/torch2-state.pth", "pth/torch1.13-state-stream.pth"}) {
    write_file(path, read_file(golden / name));
    EXPECT_THAT(refusal(path), HasSubstr("the checkpoint is damaged")) << name;
  }
}

TEST(Checkpoint, TheOneBeforeStepsInForADamagedOne) {
  const TemporaryFolder folder;
  save_checkpoint(folder.path(), some_checkpoint(1));
  save_checkpoint(folder.path(), some_checkpoint(2));
  EXPECT_EQ(load_checkpoint(folder.path()).position.epoch, 2);

  const auto whole = read_file(folder / "checkpoint");
  write_file(folder / "checkpoint", std::span(whole).first(whole.size() / 2));
  EXPECT_EQ(load_checkpoint(folder.path()).position.epoch, 1);

  fs::remove(folder / "checkpoint");
  EXPECT_TRUE(has_checkpoint(folder.path()));
  EXPECT_EQ(load_checkpoint(folder.path()).position.epoch, 1);
}

TEST(Checkpoint, IsRefusedWhereBothAreDamaged) {
  const TemporaryFolder folder;
  write_file(folder / "checkpoint", "x");
  write_file(folder / "checkpoint.previous", "y");
  EXPECT_THROW(load_checkpoint(folder.path()), InputError);
}

TEST(Checkpoint, IsNotFoundInAnEmptyFolder) {
  const TemporaryFolder folder;
  EXPECT_FALSE(has_checkpoint(folder.path()));
  EXPECT_THROW(load_checkpoint(folder.path()), IoError);
}

}  // namespace
}  // namespace naevus::train

#include "naevus/registry/add_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/network/architectures.hpp"

namespace naevus::registry {
namespace {

/// A small model of that name, written to a file.
void write_model(const std::filesystem::path& file, const std::string& name, std::uint64_t seed) {
  model::Model model;
  model.graph = network::build("scratch-cnn", {.classes = 2, .width = 32, .height = 32});
  model.state = network::initialise(model.graph, seed);
  model.card = {.name = name, .architecture = "scratch-cnn", .classes = {"mel", "nv"}, .width = 32, .height = 32};
  model.card.std = {1, 1, 1};
  write_file(file, model::to_onnx(model));
}

class AddModel : public testing::Test {
 protected:
  TemporaryFolder folder_;
  store::Location location_{.folder = folder_ / "data"};
  store::Database database_{location_};
  store::ModelFolder models_{location_.folder};
  std::filesystem::path file_ = folder_ / "model.onnx";
};

TEST_F(AddModel, KeepsTheFileUnderTheNameOnItsCard) {
  write_model(file_, "by-hand", 1);
  const auto first = add_model(database_, models_, {"local"}, file_);
  EXPECT_EQ(first.name, "by-hand");
  EXPECT_EQ(first.version, "1");
  EXPECT_EQ(models_.read(first.sha256), read_file(file_));
  EXPECT_EQ(add_model(database_, models_, {"local"}, file_).version, "1");

  write_model(file_, "by-hand", 2);
  const auto second =
      add_model(database_, models_, {"local"}, file_,
                {.parent_sha256 = first.sha256, .origin = store::ModelOrigin::retrain, .note = "no worse"});
  EXPECT_EQ(second.version, "2");
  EXPECT_EQ(store::find_model(database_, second.sha256)->parent_sha256, first.sha256);
  EXPECT_EQ(store::find_model(database_, second.sha256)->note, "no worse");
  EXPECT_EQ(models_.read(first.sha256).size(), models_.read(second.sha256).size());
  EXPECT_FALSE(store::model_parts(database_).serving);
}

TEST_F(AddModel, PutsBackAFileThatIsGoneOrDamaged) {
  write_model(file_, "by-hand", 1);
  const auto kept = add_model(database_, models_, {"local"}, file_);
  std::filesystem::remove(models_.path(kept.sha256));
  EXPECT_THROW(models_.read(kept.sha256), IoError);
  add_model(database_, models_, {"local"}, file_);
  EXPECT_EQ(models_.read(kept.sha256), read_file(file_));
}

TEST_F(AddModel, RefusesWhatIsNoModelOfOurs) {
  write_file(file_, std::string_view("no model"));
  EXPECT_THROW(add_model(database_, models_, {"local"}, file_), InputError);
  EXPECT_THROW(add_model(database_, models_, {"local"}, folder_ / "nowhere.onnx"), IoError);
  EXPECT_TRUE(store::list_models(database_).empty());
  EXPECT_FALSE(std::filesystem::exists(location_.folder / "models"));
}

}  // namespace
}  // namespace naevus::registry

#include "history.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <stdexcept>

#include "event.pb.h"

namespace naevus::train {
namespace {

/// CRC-32C bit by bit (Castagnoli et al. 1993), masked as TFRecord does.
std::uint32_t masked_crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
  }
  crc = ~crc;
  return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
}

template <typename T>
T number_at(std::string_view bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.substr(at, sizeof value).data(), sizeof value);
  return value;
}

/// The records of a TFRecord file, as TensorBoard reads them: length, its CRC, content, its CRC.
std::vector<tensorboard::Event> events_of(std::string_view bytes) {
  std::vector<tensorboard::Event> events;
  while (!bytes.empty()) {
    if (bytes.size() < 16) throw std::runtime_error("a record ends early");
    const auto length = number_at<std::uint64_t>(bytes, 0);
    if (number_at<std::uint32_t>(bytes, 8) != masked_crc32c(bytes.substr(0, 8))) throw std::runtime_error("length CRC");
    const auto content = bytes.substr(12, length);
    if (number_at<std::uint32_t>(bytes, 12 + length) != masked_crc32c(content)) throw std::runtime_error("content CRC");
    if (!events.emplace_back().ParseFromString(std::string(content))) throw std::runtime_error("no event");
    bytes.remove_prefix(16 + length);
  }
  return events;
}

const std::vector<EpochRow> rows{
    {.epoch = 1, .learning_rate = 0.5, .train_loss = 1.25, .balanced_accuracy = 0.25, .seconds = 3.04, .time = 1.75e9},
    {.epoch = 2, .learning_rate = 0.1, .train_loss = 0.75, .validation_loss = 2, .macro_auc = 0.875, .time = 1.76e9}};

TEST(CheckedCrc, GivesTheValueOfRfc3720) {
  // RFC 3720, B.4: 32 bytes of zeros have the CRC-32C 0x8A9136AA.
  const std::uint32_t crc = 0x8A9136AAU;
  EXPECT_EQ(masked_crc32c(std::string(32, '\0')), ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U);
}

TEST(History, TensorBoardReadsItsEvents) {
  const auto events = events_of(tensorboard_events(rows));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].file_version(), "brain.Event:2");
  EXPECT_EQ(events[1].step(), 1);
  EXPECT_EQ(events[1].wall_time(), 1.75e9);
  EXPECT_EQ(events[2].step(), 2);
  std::map<std::string, float> scalars;
  for (const auto& value : events[2].summary().value()) scalars[value.tag()] = value.simple_value();
  const std::map<std::string, float> expected{{"train/loss", 0.75F},
                                              {"train/learning_rate", 0.1F},
                                              {"validation/loss", 2.0F},
                                              {"validation/balanced_accuracy", 0.0F},
                                              {"validation/macro_auc", 0.875F}};
  EXPECT_EQ(scalars, expected);
}

TEST(History, HasALineForEachEpoch) {
  EXPECT_EQ(history_csv(rows),
            "epoch,learning_rate,train_loss,validation_loss,validation_balanced_accuracy,validation_macro_auc,seconds\n"
            "1,0.5,1.25,0,0.25,0,3.0\n"
            "2,0.1,0.75,2,0,0.875,0.0\n");
}

}  // namespace
}  // namespace naevus::train

#include "history.hpp"

#include <fmt/format.h>

#include <boost/crc.hpp>
#include <cstring>

#include "event.pb.h"
#include "naevus/base/csv.hpp"
#include "naevus/base/file.hpp"

namespace naevus::train {
namespace {

using tensorboard::Event;

/// CRC-32C, masked as TFRecord wants it (tensorflow/core/lib/hash/crc32c.h).
std::uint32_t masked_crc(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  const auto value = static_cast<std::uint32_t>(crc.checksum());
  return ((value >> 15U) | (value << 17U)) + 0xA282EAD8U;
}

template <typename T>
std::string little_endian(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::string record(const Event& event) {
  const std::string content = event.SerializeAsString();
  const std::string length = little_endian(static_cast<std::uint64_t>(content.size()));
  return length + little_endian(masked_crc(length)) + content + little_endian(masked_crc(content));
}

std::string scalars(const EpochRow& row) {
  Event event;
  event.set_wall_time(row.time);
  event.set_step(row.epoch);
  const auto add = [&](const char* tag, double number) {
    auto* value = event.mutable_summary()->add_value();
    value->set_tag(tag);
    value->set_simple_value(static_cast<float>(number));
  };
  add("train/loss", row.train_loss);
  add("train/learning_rate", row.learning_rate);
  add("validation/loss", row.validation_loss);
  add("validation/balanced_accuracy", row.balanced_accuracy);
  add("validation/macro_auc", row.macro_auc);
  return record(event);
}

}  // namespace

std::string history_csv(const std::vector<EpochRow>& rows) {
  std::string text =
      "epoch,learning_rate,train_loss,validation_loss,validation_balanced_accuracy,validation_macro_auc,seconds\n";
  for (const auto& row : rows) {
    text += fmt::format("{},{},{},{},{},{},{:.1f}\n", row.epoch, row.learning_rate, row.train_loss, row.validation_loss,
                        row.balanced_accuracy, row.macro_auc, row.seconds);
  }
  return text;
}

std::string tensorboard_events(const std::vector<EpochRow>& rows) {
  Event version;
  version.set_wall_time(rows.empty() ? 0 : rows.front().time);
  version.set_file_version("brain.Event:2");
  std::string bytes = record(version);
  for (const auto& row : rows) bytes += scalars(row);
  return bytes;
}

void write_history(const std::filesystem::path& folder, const std::vector<EpochRow>& rows) {
  write_file(folder / "history.csv", history_csv(rows));
  write_file(folder / "events.out.tfevents.0.naevus", tensorboard_events(rows));
}

}  // namespace naevus::train

#include "naevus/base/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "naevus/base/disk_full.hpp"
#include "naevus/base/error.hpp"

namespace naevus {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// While it lives no file of this process can grow over the limit: the kernel answers EFBIG, as a full disk ENOSPC.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  sighandler_t handler_;
};

TEST(File, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  std::string content;
  for (int i = 0; i < 100'000; ++i) content += static_cast<char>(i * 7);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, content.size()}) {
    write_file(folder / "a", std::string_view(content).substr(0, size));
    EXPECT_EQ(read_text(folder / "a"), content.substr(0, size));
    EXPECT_EQ(read_file(folder / "a").size(), size);
  }
}

TEST(File, WritingReplacesTheOldContentAndLeavesNothingElse) {
  const TemporaryFolder folder;
  write_file(folder / "a", "a long first content");
  write_file(folder / "a", "short");
  EXPECT_EQ(read_text(folder / "a"), "short");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(File, WhatAKilledProcessOfTheSameNumberLeftIsNotInTheWay) {
  const TemporaryFolder folder;
  for (int serial = 0; serial < 100; ++serial)
    std::ofstream(folder / ("a." + std::to_string(::getpid()) + "-" + std::to_string(serial) + ".tmp")) << "a part";
  write_file(folder / "a", "whole");
  EXPECT_EQ(read_text(folder / "a"), "whole");
}

TEST(File, MissingFoldersAreMade) {
  const TemporaryFolder folder;
  write_file(folder / "x/y/z.txt", "deep");
  EXPECT_EQ(read_text(folder / "x/y/z.txt"), "deep");
}

TEST(File, AFailedWriteKeepsTheOldContentAndLeavesNoTemporaryFile) {
  const TemporaryFolder folder;
  write_file(folder / "model.onnx", "the old model");
  {
    const FileSizeLimit full(1000);
    EXPECT_THROW(write_file(folder / "model.onnx", std::string(100'000, 'x')), IoError);
  }
  EXPECT_EQ(read_text(folder / "model.onnx"), "the old model");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(File, AFullDiskIsNamed) {
  // Every write to /dev/full fails as on a full disk.
  AppendFile file("/dev/full");
  try {
    file.append("line\n");
    FAIL() << "nothing was thrown";
  } catch (const DiskFull& error) {
    EXPECT_THAT(error.what(), HasSubstr("No space left"));
    EXPECT_THAT(error.advice(), HasSubstr("free some space"));
  }
}

TEST(File, ReaderNeverSeesAPartOfAFile) {
  const TemporaryFolder folder;
  const auto path = folder / "state";
  const std::string a(300'000, 'a'), b(200'000, 'b');
  write_file(path, a);
  std::jthread writer([&](const std::stop_token& stop) {
    for (int i = 0; i < 40 && !stop.stop_requested(); ++i) write_file(path, i % 2 == 0 ? b : a);
  });
  for (int i = 0; i < 200; ++i) {
    const std::string seen = read_text(path);
    ASSERT_TRUE(seen == a || seen == b) << seen.size();
  }
}

TEST(File, MissingFileAndFolderAreNamed) {
  const TemporaryFolder folder;
  try {
    read_text(folder / "none.csv");
    FAIL() << "nothing was thrown";
  } catch (const IoError& error) {
    EXPECT_EQ(error.where(), (folder / "none.csv").string());
    EXPECT_THAT(error.problem(), HasSubstr("No such file"));
  }
  EXPECT_THROW(read_text(folder.path()), IoError);
}

TEST(File, MoreThanTheLimitIsRefused) {
  const TemporaryFolder folder;
  write_file(folder / "a", std::string(1001, 'x'));
  EXPECT_EQ(read_text(folder / "a", 1001).size(), 1001U);
  EXPECT_THROW(read_text(folder / "a", 1000), IoError);
  EXPECT_THROW(read_file("/dev/zero", 1 << 20), IoError);  // no size to be judged by, and it never ends
}

TEST(File, APipeIsReadToItsEnd) {
  const TemporaryFolder folder;
  const auto path = folder / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string content(300'000, 'p');
  std::jthread writer([&] { std::ofstream(path) << content; });
  EXPECT_EQ(read_text(path), content);
}

TEST(File, AFileInTheWayOfAFolderIsNamed) {
  const TemporaryFolder folder;
  write_file(folder / "a", "file");
  EXPECT_THROW(make_folder(folder / "a"), IoError);
  EXPECT_THROW(write_file(folder / "a/b.txt", "below a file"), IoError);
  make_folder(folder / "c/d");
  make_folder(folder / "c/d");
  EXPECT_TRUE(fs::is_directory(folder / "c/d"));
}

TEST(File, AFolderIsNotOverwrittenByAFile) {
  const TemporaryFolder folder;
  make_folder(folder / "a/b");
  EXPECT_THROW(write_file(folder / "a", "content"), IoError);
  EXPECT_TRUE(fs::is_directory(folder / "a/b"));
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(File, AppendsGoToTheEndAndStandAtOnce) {
  const TemporaryFolder folder;
  const auto path = folder / "runs/history.csv";
  {
    AppendFile file(path);
    file.append("one\n");
    EXPECT_EQ(read_text(path), "one\n");
  }
  AppendFile(path).append("two\n");
  EXPECT_EQ(read_text(path), "one\ntwo\n");
}

}  // namespace
}  // namespace naevus

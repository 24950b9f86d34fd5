#pragma once
#include <memory>
#include <string>

#include "naevus/dataset/submission.hpp"
#include "naevus/infer/classifier.hpp"

namespace naevus::app {

/// How `predict` writes what a model said of a picture: one line each.
class AnswerWriter {
 public:
  explicit AnswerWriter(const model::Card& card) : card_(card) {}
  virtual ~AnswerWriter() = default;

  /// What stands before the first line, with its line end; may be empty.
  virtual std::string head() const { return {}; }
  virtual std::string line(const std::string& name, const infer::Outcome& outcome) const = 0;

 protected:
  const model::Card& card_;
};

/// For a person. @param name_width  columns for the names of the pictures
std::unique_ptr<AnswerWriter> table_writer(const model::Card& card, std::size_t name_width);
/// One JSON object a line.
std::unique_ptr<AnswerWriter> json_writer(const model::Card& card);
/// image,predicted,p_<class>...,malignant,ood_score,error; numbers in the shortest form that reads back the same.
std::unique_ptr<AnswerWriter> csv_writer(const model::Card& card);
/// A submission file of an ISIC challenge. Pictures without an answer have no row; each is warned of.
/// @throws InputError if the model's classes do not fit the challenge
std::unique_ptr<AnswerWriter> submission_writer(const model::Card& card, dataset::Challenge challenge);

}  // namespace naevus::app

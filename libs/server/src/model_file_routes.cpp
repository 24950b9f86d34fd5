#include <fmt/format.h>

#include <map>
#include <mutex>

#include "conditional.hpp"
#include "context.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

using Content = std::shared_ptr<const std::vector<std::byte>>;

/// Model files on their way to clients: each is in memory once, however many ask for it, and while they do.
class Downloads {
 public:
  /// @throws IoError as ModelFolder::read
  Content at(const store::ModelFolder& files, const std::string& sha256) {
    const std::lock_guard lock(mutex_);
    std::erase_if(under_way_, [](const auto& one) { return one.second.expired(); });
    if (const auto it = under_way_.find(sha256); it != under_way_.end())
      if (Content content = it->second.lock()) return content;
    auto content = std::make_shared<const std::vector<std::byte>>(files.read(sha256));
    under_way_[sha256] = content;
    return content;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const std::vector<std::byte>>> under_way_;
};

void show_file(Context& context, const Call& call, Downloads& downloads) {
  for (const auto& [name, value] : call.head().query) refuse_parameter(name, "none");
  const auto model = model_asked_for(context, call);
  const std::string tag = fmt::format("\"{}\"", model.sha256);
  Fields fields = tagged(tag);
  if (has_already(call.head(), tag)) return call.exchange->reply({.status = 304, .fields = std::move(fields)});
  fields.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}.onnx\"", model.sha256));
  call.exchange->reply({.content_type = "application/octet-stream",
                        .fields = std::move(fields),
                        .large = SharedBytes(downloads.at(context.model_files, model.sha256))});
}

}  // namespace

void add_model_file_routes(Router& router, Context& context) {
  const auto downloads = std::make_shared<Downloads>();
  router.add({.method = "GET",
              .pattern = "/api/v1/models/{id}/file",
              .role = store::Role::viewer,
              .handle = [&context, downloads](const Call& call) {
                answered_later(context, call,
                               [&context, downloads](const Call& then) { show_file(context, then, *downloads); });
              }});
}

}  // namespace naevus::server

#include "shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "naevus/base/error.hpp"

namespace naevus::network {
namespace {

/// Works out one node's shape; each overload is one operation.
class ShapeOf {
 public:
  ShapeOf(const std::string& name, const std::vector<Shape>& inputs) : name_(name), inputs_(inputs) {}

  Shape operator()(const Input&) const { fail("is an input in the middle of the graph"); }
  Shape operator()(const Conv& conv) const {
    const Shape& in = map();
    check(conv.in > 0 && conv.out > 0 && conv.kernel > 0 && conv.stride > 0 && conv.groups > 0 &&
              conv.in % conv.groups == 0 && conv.out % conv.groups == 0,
          "has attributes that make no convolution");
    check(in[0] == conv.in, fmt::format("takes {} channels and gets {}", conv.in, in[0]));
    return {conv.out, window(in[1], conv.kernel, conv.stride, conv.padding.top, conv.padding.bottom),
            window(in[2], conv.kernel, conv.stride, conv.padding.left, conv.padding.right)};
  }
  Shape operator()(const BatchNorm& norm) const {
    const Shape& in = map();
    check(in[0] == norm.channels, fmt::format("takes {} channels and gets {}", norm.channels, in[0]));
    return in;
  }
  Shape operator()(const MaxPool& pool) const { return pooled(pool.kernel, pool.stride, pool.padding); }
  Shape operator()(const AvgPool& pool) const { return pooled(pool.kernel, pool.stride, pool.padding); }
  Shape operator()(const GlobalAvgPool&) const { return {map()[0], 1, 1}; }
  Shape operator()(const Linear& linear) const {
    const Shape& in = only();
    check(in.size() == 1 && in[0] == linear.in, fmt::format("takes {} numbers and gets {}", linear.in, in));
    check(linear.out > 0, "gives nothing");
    return {linear.out};
  }
  Shape operator()(const Add&) const {
    check(inputs_.size() == 2, "needs two inputs");
    check(inputs_[0] == inputs_[1], fmt::format("adds shapes that differ: {} and {}", inputs_[0], inputs_[1]));
    return inputs_[0];
  }
  Shape operator()(const Mul&) const {
    check(inputs_.size() == 2, "needs two inputs");
    const Shape &a = inputs_[0], &b = inputs_[1];
    if (a == b || is_scale(b, a)) return a;
    check(is_scale(a, b), fmt::format("multiplies shapes that do not fit: {} and {}", a, b));
    return b;
  }
  Shape operator()(const Concat&) const {
    check(!inputs_.empty(), "needs inputs");
    Shape result = inputs_[0];
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const Shape& in = inputs_[i];
      check(in.size() == 3 && in[1] == result[1] && in[2] == result[2], "joins maps of different sizes");
      if (i > 0) result[0] += in[0];
    }
    return result;
  }
  Shape operator()(const Flatten&) const {
    const Shape& in = map();
    return {in[0] * in[1] * in[2]};
  }
  template <typename Elementwise>
  Shape operator()(const Elementwise&) const {
    return only();
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw Error("this network is not sound: the step " + problem, name_);
  }
  void check(bool sound, const std::string& problem) const {
    if (!sound) fail(problem);
  }
  const Shape& only() const {
    check(inputs_.size() == 1, "needs one input");
    return inputs_[0];
  }
  const Shape& map() const {
    const Shape& in = only();
    check(in.size() == 3, fmt::format("takes a map and gets {}", in));
    return in;
  }
  std::int64_t window(std::int64_t size, int kernel, int stride, int before, int after) const {
    const std::int64_t room = size + before + after - kernel;
    check(before >= 0 && after >= 0, "has negative padding");
    check(room >= 0, fmt::format("has a window of {} on a map of {}: the input picture is too small", kernel, size));
    return room / stride + 1;
  }
  Shape pooled(int kernel, int stride, const Padding& padding) const {
    const Shape& in = map();
    check(kernel > 0 && stride > 0, "has attributes that make no pooling");
    return {in[0], window(in[1], kernel, stride, padding.top, padding.bottom),
            window(in[2], kernel, stride, padding.left, padding.right)};
  }
  static bool is_scale(const Shape& scale, const Shape& of) {
    return scale.size() == 3 && of.size() == 3 && scale[0] == of[0] && scale[1] == 1 && scale[2] == 1;
  }

  const std::string& name_;
  const std::vector<Shape>& inputs_;
};

}  // namespace

Shape result_shape(const Node& node, const std::vector<Shape>& inputs) {
  return std::visit(ShapeOf(node.name, inputs), node.operation);
}

}  // namespace naevus::network

#include "one_thread.hpp"

#include <mutex>
#include <opencv2/core.hpp>

namespace naevus::image {

void keep_opencv_on_one_thread() {
  static std::once_flag once;
  std::call_once(once, [] { cv::setNumThreads(0); });
}

}  // namespace naevus::image

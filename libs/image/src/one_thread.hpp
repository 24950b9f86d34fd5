#pragma once

namespace naevus::image {

/// Pictures are small and many: they run side by side, each on one thread. To be called before work is given to OpenCV,
/// which by itself would start threads of its own.
void keep_opencv_on_one_thread();

}  // namespace naevus::image

// The address sanitizer ends a program that opens a library with RTLD_DEEPBIND, as TBB does with its helper for NUMA
// machines. A program that has this function opens it without.
#include <dlfcn.h>

extern "C" void* dlopen(const char* file, int mode) {
  using Function = void* (*)(const char*, int);
  static const auto next = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "dlopen"));
  return next(file, mode & ~RTLD_DEEPBIND);
}

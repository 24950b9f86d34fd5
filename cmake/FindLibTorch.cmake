# Finds LibTorch and defines the target LibTorch::LibTorch and LibTorch_VERSION.
#
# Default: Debian's libtorch-dev, through its own CMake package.
# -DLIBTORCH_DIR=DIR: a newer one, as unpacked from a PyPI wheel (DIR holds include/ and lib/). The wheel's own CMake
#   files stop where no CUDA toolkit is installed, so the libraries are imported here by name;
#   libtorch_cuda and libc10_cuda come along where they are present and NAEVUS_CUDA is on.
set(LIBTORCH_DIR "" CACHE PATH "An unpacked LibTorch (torch/ of a PyPI wheel); empty: Debian's")
option(NAEVUS_CUDA "Train on CUDA devices (needs LIBTORCH_DIR with libtorch_cuda)" OFF)

if(LIBTORCH_DIR)
  find_path(LibTorch_INCLUDE_DIR torch/torch.h PATHS ${LIBTORCH_DIR}/include/torch/csrc/api/include NO_DEFAULT_PATH)
  set(LibTorch_LIBRARIES)
  set(names torch_cpu c10)
  if(NAEVUS_CUDA)
    list(APPEND names torch_cuda c10_cuda)
  endif()
  foreach(name IN LISTS names)
    find_library(LibTorch_${name}_LIBRARY ${name} PATHS ${LIBTORCH_DIR}/lib NO_DEFAULT_PATH)
    list(APPEND LibTorch_LIBRARIES ${LibTorch_${name}_LIBRARY})
  endforeach()
  file(STRINGS ${LIBTORCH_DIR}/include/torch/csrc/api/include/torch/version.h version_lines
       REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
  list(TRANSFORM version_lines REPLACE ".* ([0-9]+)$" "\\1")
  list(JOIN version_lines "." LibTorch_VERSION)
  include(FindPackageHandleStandardArgs)
  find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_LIBRARIES LibTorch_INCLUDE_DIR
                                             VERSION_VAR LibTorch_VERSION)
  if(NOT TARGET LibTorch::LibTorch)
    add_library(LibTorch::LibTorch INTERFACE IMPORTED)
    target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE ${LIBTORCH_DIR}/include ${LibTorch_INCLUDE_DIR})
    # torch_cuda registers its kernels on loading; nothing names a symbol of it.
    target_link_libraries(LibTorch::LibTorch INTERFACE -Wl,--no-as-needed ${LibTorch_LIBRARIES})
  endif()
else()
  find_package(Torch REQUIRED)
  set(LibTorch_VERSION ${Torch_VERSION})
  set(LibTorch_FOUND TRUE)
  if(NOT TARGET LibTorch::LibTorch)
    add_library(LibTorch::LibTorch INTERFACE IMPORTED)
    target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
    target_link_libraries(LibTorch::LibTorch INTERFACE ${TORCH_LIBRARIES})
  endif()
endif()

# Every library that naevus stands on, found once here. scripts/install-deps brings them all.
find_package(PkgConfig REQUIRED)

if(NOT EXISTS ${NAEVUS_OPENVINO_DIR}/cmake/OpenVINOConfig.cmake)
  message(FATAL_ERROR "OpenVINO is not unpacked in ${NAEVUS_OPENVINO_DIR}: run scripts/install-deps")
endif()
# One TBB in the process: the copy in OpenVINO's wheel.
find_package(TBB REQUIRED PATHS ${NAEVUS_OPENVINO_DIR}/cmake NO_DEFAULT_PATH)
find_package(OpenVINO REQUIRED COMPONENTS Runtime PATHS ${NAEVUS_OPENVINO_DIR}/cmake NO_DEFAULT_PATH)

find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 REQUIRED)
# Debian's OpenCV package file comes with libopencv-dev alone, which brings all its modules and their 140 libraries.
find_path(OpenCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
foreach(module core imgproc photo)
  find_library(OpenCV_${module}_LIBRARY opencv_${module} REQUIRED)
  add_library(OpenCV::${module} INTERFACE IMPORTED)
  target_include_directories(OpenCV::${module} SYSTEM INTERFACE ${OpenCV_INCLUDE_DIR})
  target_link_libraries(OpenCV::${module} INTERFACE ${OpenCV_${module}_LIBRARY})
endforeach()
file(STRINGS ${OpenCV_INCLUDE_DIR}/opencv2/core/version.hpp OpenCV_VERSION REGEX "define CV_VERSION_(MAJOR|MINOR|REVISION) ")
list(TRANSFORM OpenCV_VERSION REPLACE ".* ([0-9]+)$" "\\1")
list(JOIN OpenCV_VERSION "." OpenCV_VERSION)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(TIFF REQUIRED)
find_package(Protobuf REQUIRED)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp libwebpdemux)
pkg_check_modules(ZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)

find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
add_library(libcsv INTERFACE)
target_include_directories(libcsv SYSTEM INTERFACE ${CSV_INCLUDE_DIR})
target_link_libraries(libcsv INTERFACE ${CSV_LIBRARY})

if(NAEVUS_TRAIN)
  find_package(LibTorch REQUIRED)
endif()

# The programs that naevus was built with, for --version and doctor; read without loading the library.
set(NAEVUS_OPENVINO_VERSION ${OpenVINO_VERSION})
set(NAEVUS_OPENCV_VERSION ${OpenCV_VERSION})

# naevus_library(NAME [USES naevus-libraries…] [LINK public-targets…] [LINK_PRIVATE targets…])
#   One library of the house: libs/NAME/{include,src,tests}. Its include root reaches only those that name it in USES,
#   so that an include which the layer table forbids does not compile. Every tests/*_test.cpp goes into NAME_tests.
# naevus_program(NAME [USES naevus-libraries…] [LINK targets…])
#   One program of apps/NAME.

add_library(naevus_flags INTERFACE)
target_compile_options(naevus_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                                              -Wnon-virtual-dtor -Woverloaded-virtual
                                              # options structs name the fields that they change
                                              -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(naevus_flags INTERFACE -Wno-restrict)  # false alarms on std::string, GCC bug 105329
endif()
if(NAEVUS_WERROR)
  target_compile_options(naevus_flags INTERFACE -Werror)
endif()
if(NAEVUS_SANITIZE)
  add_compile_options(-fsanitize=${NAEVUS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${NAEVUS_SANITIZE})
endif()

if(NAEVUS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # coverage of our own code guides the fuzzers
endif()

find_program(NAEVUS_CCACHE ccache)
if(NAEVUS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${NAEVUS_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${NAEVUS_CCACHE})
endif()

# Installed programs find OpenVINO's libraries in lib/naevus beside bin.
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/naevus")

function(naevus_library name)
  cmake_parse_arguments(ARG "" "" "USES;LINK;LINK_PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS src/*.cpp)
  add_library(naevus_${name} STATIC ${sources})
  add_library(naevus::${name} ALIAS naevus_${name})
  target_include_directories(naevus_${name} PUBLIC include PRIVATE src)
  list(TRANSFORM ARG_USES PREPEND naevus::)
  target_link_libraries(naevus_${name} PUBLIC ${ARG_USES} ${ARG_LINK} PRIVATE ${ARG_LINK_PRIVATE} naevus_flags)

  file(GLOB tests CONFIGURE_DEPENDS tests/*_test.cpp)
  if(BUILD_TESTING AND tests)
    add_executable(${name}_tests ${tests})
    target_link_libraries(${name}_tests PRIVATE naevus::${name} naevus_flags GTest::gmock GTest::gtest_main)
    target_include_directories(${name}_tests PRIVATE src)
    target_compile_options(${name}_tests PRIVATE $<$<CONFIG:Release>:-O1>)  # compiled more often than run
    target_compile_definitions(${name}_tests PRIVATE NAEVUS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    gtest_discover_tests(${name}_tests DISCOVERY_MODE PRE_TEST
                         PROPERTIES LABELS ${name} TIMEOUT 600
                                    ENVIRONMENT XDG_CACHE_HOME=${PROJECT_BINARY_DIR}/cache-of-tests)
  endif()
endfunction()

function(naevus_program name)
  cmake_parse_arguments(ARG "" "" "USES;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS src/*.cpp)
  add_executable(${name} ${sources})
  list(TRANSFORM ARG_USES PREPEND naevus::)
  target_link_libraries(${name} PRIVATE ${ARG_USES} ${ARG_LINK} naevus_flags)
  target_compile_definitions(${name} PRIVATE NAEVUS_VERSION="${PROJECT_VERSION}")
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

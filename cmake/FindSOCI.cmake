# Finds SOCI and defines the targets SOCI::core, SOCI::sqlite3 and SOCI::postgresql, and SOCI_VERSION.
# Debian's libsoci-dev comes without a CMake package. The drivers are linked, not opened by name when they are needed:
# SOCI would look for them in the current folder first.
find_path(SOCI_INCLUDE_DIR soci/soci.h)
find_path(SOCI_sqlite3_INCLUDE_DIR sqlite3.h)
find_path(SOCI_postgresql_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql)
find_library(SOCI_core_LIBRARY soci_core)
find_library(SOCI_sqlite3_LIBRARY soci_sqlite3)
find_library(SOCI_postgresql_LIBRARY soci_postgresql)
find_library(SOCI_pq_LIBRARY pq)

if(SOCI_INCLUDE_DIR)
  file(STRINGS ${SOCI_INCLUDE_DIR}/soci/version.h SOCI_VERSION REGEX "define SOCI_LIB_VERSION ")
  string(REGEX REPLACE ".*\"([0-9]+)_([0-9]+)(_([0-9]+))?\".*" "\\1.\\2.\\4" SOCI_VERSION "${SOCI_VERSION}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SOCI
  REQUIRED_VARS SOCI_core_LIBRARY SOCI_sqlite3_LIBRARY SOCI_postgresql_LIBRARY SOCI_pq_LIBRARY
                SOCI_INCLUDE_DIR SOCI_sqlite3_INCLUDE_DIR SOCI_postgresql_INCLUDE_DIR
  VERSION_VAR SOCI_VERSION)

if(SOCI_FOUND AND NOT TARGET SOCI::core)
  add_library(SOCI::core INTERFACE IMPORTED)
  target_include_directories(SOCI::core SYSTEM INTERFACE ${SOCI_INCLUDE_DIR})
  target_link_libraries(SOCI::core INTERFACE ${SOCI_core_LIBRARY})
  foreach(driver sqlite3 postgresql)
    add_library(SOCI::${driver} INTERFACE IMPORTED)
    target_include_directories(SOCI::${driver} SYSTEM INTERFACE ${SOCI_${driver}_INCLUDE_DIR})
    target_link_libraries(SOCI::${driver} INTERFACE ${SOCI_${driver}_LIBRARY} SOCI::core)
  endforeach()
  target_link_libraries(SOCI::postgresql INTERFACE ${SOCI_pq_LIBRARY})
endif()

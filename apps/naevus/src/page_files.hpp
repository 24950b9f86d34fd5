#pragma once
#include <string_view>

/// The files of apps/naevus/page, built into the program.
namespace naevus::app::page_files {

extern const std::string_view html, css, js;

}  // namespace naevus::app::page_files

#pragma once
#include <cstddef>
#include <string>

#include "naevus/server/http.hpp"

#include "naevus/store/types.hpp"

namespace naevus::server {

/// How many things of a page are wanted. @throws Refusal 400 unless it is a number from 1 to 1000
std::size_t limit_of(const std::string& text);

/// A moment in universal time: "2026-01-31", or "2026-01-31T09:30:00Z" with or without ".125" before the Z.
/// @throws Refusal 400 naming the parameter where it is none
store::Time time_of(const std::string& name, const std::string& text);

struct PageAsked {
  std::size_t limit = 50;
  std::string cursor;
};

/// The page that is asked for where there is nothing else to ask. @throws Refusal 400
PageAsked page_of(const Head& head);

/// @throws Refusal 400: that parameter is none of `known`, which is for a person to read
[[noreturn]] void refuse_parameter(const std::string& name, const std::string& known);

/// A patient's key is a segment of an address, so that all that is kept under it can be had and erased there.
/// @throws Refusal 400 where it has over 100 bytes or can't be one: with a slash, a control character or a dot in front
void check_patient_key(const std::string& key);

}  // namespace naevus::server

#include "password_prompt.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "naevus/base/error.hpp"

namespace naevus::app {
namespace {

constexpr char control_c = 3, control_d = 4, backspace = 8, line_feed = '\n', carriage_return = '\r', erase = 127;

/// While it lives, what is typed is not shown, and comes as it is typed: Ctrl-C too, which else would end the program
/// and leave the terminal silent. To be made before the prompt is shown: what is typed earlier is dropped.
class UnseenTyping {
 public:
  UnseenTyping() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios unseen = before_;
    unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG | ICANON);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
  }
  UnseenTyping(const UnseenTyping&) = delete;
  UnseenTyping& operator=(const UnseenTyping&) = delete;
  ~UnseenTyping() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }

 private:
  termios before_{};
};

/// Takes the last character away, however many bytes it has in UTF-8.
void take_back(std::string& text) {
  const auto is_inner = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; };
  while (!text.empty() && is_inner(text.back())) text.pop_back();
  if (!text.empty()) text.pop_back();
}

std::string typed(const char* prompt) {
  const UnseenTyping unseen;
  fmt::print(stderr, "{}: ", prompt);
  std::string text;
  for (char byte = 0; ::read(STDIN_FILENO, &byte, 1) == 1 && byte != line_feed && byte != carriage_return;) {
    if (byte == control_c || byte == control_d) {
      fmt::print(stderr, "\n");
      throw Cancelled();
    }
    if (byte == erase || byte == backspace)
      take_back(text);
    else
      text += byte;
  }
  fmt::print(stderr, "\n");
  return text;
}

}  // namespace

std::string new_password() {
  std::string password;
  if (::isatty(STDIN_FILENO) == 1) {
    password = typed("Password");
    if (typed("Again") != password) throw UsageError("the two passwords differ", "", "try again");
  } else {
    std::getline(std::cin, password);
  }
  if (password.empty())
    throw UsageError("no password was given", "", "type it when asked, or send it as a line to standard input");
  return password;
}

}  // namespace naevus::app

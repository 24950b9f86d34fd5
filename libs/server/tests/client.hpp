#pragma once
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <string>

namespace naevus::server {

/// A client that sends the bytes that it is told, and no others.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(context_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  void send(const std::string& bytes) {
    boost::system::error_code ignored;  // the server may have closed already
    boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
  }
  void close_sending() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
  void close() { socket_.close(); }

  /// All until the server closes.
  std::string rest() {
    boost::system::error_code error;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(read_), error);
    return std::exchange(read_, {});
  }

  /// Reads that many bytes and drops them. @return how many came
  std::size_t take(std::size_t bytes) {
    std::string taken = read_.substr(0, bytes);
    read_.erase(0, taken.size());
    boost::system::error_code error;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(taken), boost::asio::transfer_exactly(bytes - taken.size()),
                      error);
    return taken.size();
  }

  /// The next answer's header and, by its Content-Length, its body; empty where the server closed.
  std::string answer() {
    boost::system::error_code error;
    const std::size_t header = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(read_), "\r\n\r\n", error);
    if (error) return {};
    const std::string name = "\r\nContent-Length: ";
    const std::size_t at = read_.substr(0, header).find(name);
    const std::size_t length = at == std::string::npos ? 0 : std::stoul(read_.substr(at + name.size()));
    if (read_.size() < header + length)
      boost::asio::read(socket_, boost::asio::dynamic_buffer(read_),
                        boost::asio::transfer_exactly(header + length - read_.size()), error);
    const std::string result = read_.substr(0, header + length);
    read_.erase(0, result.size());
    return result;
  }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  std::string read_;
};

}  // namespace naevus::server

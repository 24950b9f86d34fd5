#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

#include "codec.hpp"
#include "icc.hpp"
#include "naevus/base/error.hpp"

namespace naevus::image {
namespace {

struct DemuxerCloser {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};

Header read_webp_header(Bytes file) {
  WebPBitstreamFeatures features;
  const auto status = WebPGetFeatures(data_of(file), file.size(), &features);
  if (status == VP8_STATUS_NOT_ENOUGH_DATA) throw_truncated("WebP");
  if (status != VP8_STATUS_OK) throw_damaged("WebP", "its header makes no sense");
  if (features.has_animation) throw_animated("WebP");

  const WebPData data{data_of(file), file.size()};
  WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
  const std::unique_ptr<WebPDemuxer, DemuxerCloser> demuxer(WebPDemuxPartial(&data, &state));
  if (state == WEBP_DEMUX_PARSING_HEADER || state == WEBP_DEMUX_PARSED_HEADER) throw_truncated("WebP");
  if (!demuxer || state == WEBP_DEMUX_PARSE_ERROR) throw_damaged("WebP", "its chunks make no sense");

  Header header{.width = features.width, .height = features.height, .alpha = features.has_alpha != 0};
  WebPChunkIterator chunk;
  if (WebPDemuxGetChunk(demuxer.get(), "ICCP", 1, &chunk)) {
    header.profile = foreign_profile(std::as_bytes(std::span(chunk.chunk.bytes, chunk.chunk.size)));
    WebPDemuxReleaseChunkIterator(&chunk);
  }
  if (WebPDemuxGetChunk(demuxer.get(), "EXIF", 1, &chunk)) {
    Bytes exif = std::as_bytes(std::span(chunk.chunk.bytes, chunk.chunk.size));
    // Some writers put JPEG's signature "Exif\0\0" before the block.
    if (exif.size() >= 6 && byte_at(exif, 0) == 'E' && byte_at(exif, 1) == 'x') exif = exif.subspan(6);
    header.orientation = exif_orientation(exif);
    WebPDemuxReleaseChunkIterator(&chunk);
  }
  return header;
}

Image read_webp(Bytes file, const Header& header) {
  const auto stride = 4 * header.width;
  std::vector<std::uint8_t> rgba(static_cast<std::size_t>(stride) * static_cast<std::size_t>(header.height));
  if (WebPDecodeRGBAInto(data_of(file), file.size(), rgba.data(), rgba.size(), stride) == nullptr)
    throw_damaged("WebP", "its pixels can't be decoded to the end");
  return flatten_rgba(rgba, header.width, header.height);
}

}  // namespace

const Codec& webp_codec() {
  static constexpr Codec codec{read_webp_header, read_webp};
  return codec;
}

}  // namespace naevus::image

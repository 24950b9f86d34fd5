#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "naevus/base/error.hpp"
#include "naevus/report/page.hpp"
#include "style.hpp"

namespace naevus::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

LineChart chart(std::vector<double> x, std::vector<double> y) {
  LineChart line;
  line.title = "Loss";
  line.x = "epoch";
  line.y = "loss";
  line.series = {{"training", std::move(x), std::move(y)}};
  return line;
}

TEST(Escape, MakesMarkupPlainText) {
  EXPECT_EQ(escape("<b a=\"x\" c='y'>&amp;"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;");
}

TEST(Escape, KeepsEveryScript) {
  for (const std::string text : {"母斑", "родинка", "وحمة", "पिप्लु", "Ünïcödé", "🩺"}) EXPECT_EQ(escape(text), text);
}

TEST(Escape, ReplacesWhatIsNotUtf8AndWhatTurnsTheLineAround) {
  EXPECT_EQ(escape("a\xFF"
                   "b"),
            "a\uFFFDb");
  EXPECT_EQ(escape("\xC0\x80"), "\uFFFD\uFFFD");            // an overlong zero
  EXPECT_EQ(escape("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(escape("\xE6\xAF"), "\uFFFD\uFFFD");            // cut short
  EXPECT_EQ(escape("gpj.\u202Eexe"), "gpj.\uFFFDexe");
  EXPECT_EQ(escape(std::string("a\0b", 3)), "a\uFFFDb");
}

TEST(Page, HostileTextNeverBecomesMarkup) {
  const std::string evil = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
  Page page(evil, evil);
  LineChart line = chart({0, 1}, {0, 1});
  line.title = line.description = line.x = line.y = line.series[0].name = evil;
  BarChart bars;
  bars.title = bars.description = evil;
  bars.bars = {{evil, 0.5, std::nullopt, evil}};
  HeatMap map{evil, evil, evil, {evil}, {evil}, {1}};
  page.heading(evil).paragraph(evil).warning(evil).list({evil}).preformatted(evil);
  page.add({Figure{evil, evil, evil}}).add(line).add(bars).add(map);
  page.add(Table{evil, {evil}, {{evil}}}).add(Gallery{{{{std::byte{1}}, evil, {evil}}}});
  const std::string html = page.html(evil);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(html, Not(HasSubstr("\"'>")));
}

TEST(Page, AsksNothingOfTheNetworkAndRunsNothing) {
  Page page("t");
  page.add(chart({1, 2}, {3, 4})).add(Gallery{{{{std::byte{0xFF}, std::byte{0xD8}}, "a mole", {"a"}}}});
  const std::string html = page.html();
  EXPECT_THAT(html, HasSubstr("default-src 'none'; img-src data:; style-src 'unsafe-inline'"));
  for (const char* outside : {"http:", "https:", "url(", "@import", "<script", "<link", "javascript"})
    EXPECT_THAT(html, Not(HasSubstr(outside)));
}

TEST(Page, IsReadableWithoutSeeingIt) {
  Page page("Training");
  page.add(chart({1, 2}, {3, 4})).add(chart({1, 2}, {3, 4}));
  page.add(Table{"Scores", {"class", "AUC"}, {{"mel", "0.9"}}});
  const std::string html = page.html();
  EXPECT_THAT(html, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(html, HasSubstr("role=\"img\" aria-labelledby=\"title1 text1\"><title>Loss</title><desc id=\"text1\">"));
  EXPECT_THAT(html, HasSubstr("aria-labelledby=\"title2 text2\""));
  EXPECT_THAT(html, HasSubstr("<caption>Scores</caption>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">AUC</th>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">mel</th>"));
}

TEST(Page, BytesOfAPictureAreBase64) {
  const auto encoded = [](const std::string& text) {
    Picture picture{{}, "", {}};
    for (const char c : text) picture.jpeg.push_back(static_cast<std::byte>(c));
    const std::string html = Page("t").add(Gallery{{picture}}).html();
    const std::size_t begin = html.find("base64,") + 7;
    return html.substr(begin, html.find('"', begin) - begin);
  };
  // RFC 4648, section 10
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(Page, NumbersThatAreNotFiniteAreLeftOut) {
  for (const auto& line : {chart({}, {}), chart({nan}, {nan}), chart({1, 2, 3}, {1, nan, INFINITY}), chart({5}, {5})}) {
    const std::string html = Page("t").add(line).html();
    EXPECT_THAT(html, Not(HasSubstr("nan")));
    EXPECT_THAT(html, Not(HasSubstr("\"inf")));
    EXPECT_THAT(html, Not(HasSubstr(" inf")));
  }
}

TEST(Page, RefusesTablesAndChartsThatDoNotFit) {
  Page page("t");
  EXPECT_THROW(page.add(chart({1, 2}, {1})), InputError);
  EXPECT_THROW(page.add(Table{"", {"a", "b"}, {{"1"}}}), InputError);
  EXPECT_THROW(page.add(HeatMap{"", "", "", {"a"}, {"a"}, {1, 2}}), InputError);
}

/// Relative luminance of #rrggbb (WCAG 2.2).
double luminance(std::string_view colour) {
  const auto channel = [&](std::size_t at) {
    const double value = std::stoi(std::string(colour.substr(at, 2)), nullptr, 16) / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

double contrast(std::string_view a, std::string_view b) {
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

TEST(Style, TextAndLinesStandOutFromThePaper) {
  for (const Theme& theme : {light_theme, dark_theme}) {
    for (const std::string_view text : {theme.ink, theme.quiet, theme.alarm}) {
      EXPECT_GE(contrast(text, theme.paper), 4.5) << text;
      EXPECT_GE(contrast(text, theme.panel), 4.5) << text;
    }
    for (const std::string_view line : theme.series) EXPECT_GE(contrast(line, theme.paper), 3) << line;
  }
}

TEST(Page, DrawsDotsWithTheirIntervals) {
  LineChart chart{.title = "Reliability"};
  chart.series.push_back(
      {.name = "bins", .x = {0.2, 0.8}, .y = {0.3, 0.7}, .dot = {0, 1}, .interval = {{0.1, 0.5}, {0.6, 0.8}}});
  const std::string html = Page("t").add(chart).html();
  const auto count_of = [](const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  };
  EXPECT_EQ(count_of(html, "<circle class=\"dot\""), 3U);  // two, and the legend's
  EXPECT_EQ(count_of(html, "<path class=\"bars\""), 2U);
  chart.series[0].interval.pop_back();
  EXPECT_THROW(Page("t").add(chart), InputError);
}

}  // namespace
}  // namespace naevus::report

#include "style.hpp"

#include <fmt/format.h>

namespace naevus::report {
namespace {

constexpr std::string_view rules = R"(
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--rule); }
p { margin: .5rem 0; max-width: 46rem; overflow-wrap: anywhere; }
ul { padding-left: 1.25rem; overflow-wrap: anywhere; }
a { color: inherit; text-underline-offset: .2em; }
nav ul { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; margin: 1rem 0; padding: 0; list-style: none; }
:target { scroll-margin-top: 1rem; }
pre { padding: .75rem 1rem; overflow: auto; background: var(--panel); border: 1px solid var(--rule); border-radius: 6px;
  font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
.lead, footer, figcaption, caption { color: var(--quiet); }
.lead { font-size: 1.05rem; margin-bottom: 1.25rem; }
.warning { border-left: 4px solid var(--alarm); background: var(--panel); padding: .6rem .9rem; max-width: none; }
.warning b { color: var(--alarm); }
.numbers { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; padding: 0; }
.numbers div { flex: 1 1 10rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px;
  padding: .6rem .9rem; }
.numbers dt { color: var(--quiet); font-size: .9rem; }
.numbers dd { margin: 0; }
.numbers dd:nth-of-type(1) { font-size: 1.6rem; font-weight: 650; line-height: 1.3; font-variant-numeric: tabular-nums; }
.numbers dd:nth-of-type(2) { color: var(--quiet); font-size: .85rem; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .94rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .4rem; }
th, td { padding: .3rem .55rem; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
thead th { color: var(--quiet); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 600; white-space: normal; min-width: 7rem; }
th:first-child, th.text, td.text { text-align: left; }
td small { color: var(--quiet); }
td.text { white-space: normal; overflow-wrap: anywhere; }
td.short { white-space: nowrap; }
.heat td, .heat th { text-align: center; min-width: 3.6rem; }
.heat tbody th { text-align: left; }
.heat td { border: 1px solid var(--paper); background: rgb(var(--heat) / var(--share)); line-height: 1.2; }
.heat td small { display: block; font-size: .72rem; color: inherit; }
.heat td.right { outline: 2px solid var(--ink); outline-offset: -3px; }
figure { margin: 1rem 0; break-inside: avoid; }
figure h3 { font-size: 1rem; margin: 0 0 .25rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--quiet); font-size: 13px; }
.chart { max-width: 46rem; }
.chart.square { max-width: 32rem; }
@media (min-width: 56rem) { .chart.square { display: inline-block; vertical-align: top; width: 49%; } }
.grid { stroke: var(--rule); stroke-width: 1; }
.line { fill: none; stroke-width: 2.25; stroke-linejoin: round; }
.faint { fill: none; stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 3 4; }
.bar { fill: var(--s0); }
.dot { fill-opacity: .8; stroke: var(--paper); stroke-width: 1; }
.bars { fill: none; stroke-width: 1.25; stroke-opacity: .7; }
.interval { stroke: var(--ink); stroke-width: 1.5; }
svg .value { fill: var(--ink); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: .4rem 0 0; padding: 0; list-style: none;
  font-size: .9rem; }
.legend li { display: flex; align-items: center; gap: .4rem; overflow-wrap: anywhere; }
.legend svg { width: 30px; height: 10px; flex: none; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem; }
.gallery figure { margin: 0; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; overflow: hidden; }
.gallery img { display: block; width: 100%; height: auto; }
.gallery.pairs { grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); }
.gallery figcaption { padding: .4rem .6rem .6rem; font-size: .85rem; overflow-wrap: anywhere; }
.gallery figcaption span { display: block; }
.gallery figcaption span:first-child { color: var(--ink); font-weight: 600; }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--rule); font-size: .9rem; }
)";

std::string variables(const Theme& theme, std::string_view scheme) {
  std::string text =
      fmt::format(":root{{color-scheme:{};--paper:{};--ink:{};--quiet:{};--rule:{};--panel:{};--alarm:{};--heat:{};",
                  scheme, theme.paper, theme.ink, theme.quiet, theme.rule, theme.panel, theme.alarm, theme.heat);
  for (std::size_t i = 0; i < theme.series.size(); ++i) text += fmt::format("--s{}:{};", i, theme.series[i]);
  return text + "}\n";
}

}  // namespace

std::string style_sheet() {
  return variables(light_theme, "light") + "@media screen and (prefers-color-scheme: dark){" +
         variables(dark_theme, "dark") + "}" + std::string(rules) +
         "@media "
         "print{body{max-width:none;padding:0;font-size:11pt}h2,h3,caption{break-after:avoid}.new-page{break-after:"
         "page}"
         "nav{display:none}.scroll{overflow:visible}table{font-size:9pt}th,td{padding:.15rem "
         ".4rem}tr{break-inside:avoid}"
         ".bar,.heat td,.numbers div,.warning{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n";
}

}  // namespace naevus::report

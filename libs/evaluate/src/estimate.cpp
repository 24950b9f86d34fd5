#include "naevus/evaluate/estimate.hpp"

namespace naevus::evaluate {

std::string_view to_string(Method method) {
  switch (method) {
    case Method::none:
      return "none";
    case Method::wilson:
      return "wilson";
    case Method::delong:
      return "delong";
    case Method::obuchowski:
      return "obuchowski";
    case Method::newcombe:
      return "newcombe";
    case Method::bootstrap:
      return "bootstrap";
    case Method::basic_bootstrap:
      return "basic_bootstrap";
    case Method::likelihood:
      return "likelihood";
    case Method::sandwich:
      return "sandwich";
  }
  return "none";
}

std::string_view in_words(Method method) {
  switch (method) {
    case Method::none:
      return "no interval";
    case Method::wilson:
      return "Wilson's score interval";
    case Method::delong:
      return "DeLong's variance on the logit scale";
    case Method::obuchowski:
      return "Obuchowski's clustered variance on the logit scale";
    case Method::newcombe:
      return "Newcombe's method 5";
    case Method::bootstrap:
      return "percentile bootstrap";
    case Method::basic_bootstrap:
      return "basic bootstrap, which takes off the bias that few cases bring";
    case Method::likelihood:
      return "Wald's interval of the likelihood";
    case Method::sandwich:
      return "Wald's interval with the clustered variance";
  }
  return "no interval";
}

}  // namespace naevus::evaluate

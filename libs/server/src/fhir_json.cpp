#include "fhir_json.hpp"

#include <fmt/format.h>

#include <cctype>
#include <string>

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

// Classes are text: no code system names those of a data set for certain.
Json concept_of(const std::string& text) {
  return {{"text", text}};
}

/// A share of one, in UCUM's unity.
Json share_of(const Json& value) {
  return {{"value", value}, {"system", "http://unitsofmeasure.org"}, {"code", "1"}};
}

Json coded(const char* code, const char* display) {
  return {{{"system", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"},
           {"code", code},
           {"display", display}}};
}

/// Below the threshold there is no code: "normal" would say too much.
Json interpretation_of(const Json& decision) {
  Json result = concept_of(decision.at("words"));
  if (decision.at("code") == "above_threshold") result["coding"] = coded("H", "High");
  if (decision.at("code") == "refused") result["coding"] = coded("IND", "Indeterminate");
  return Json::array({result});
}

Json notes_of(const Json& answer) {
  Json notes = Json::array();
  for (const Json& finding : answer.at("quality").at("findings"))
    notes.push_back({{"text", "Quality of the picture: " + finding.at("words").get<std::string>()}});
  if (const auto ood = answer.find("out_of_distribution"); ood != answer.end()) {
    std::string text =
        fmt::format("Distance from the pictures that the model learned from: {:.4g}", ood->at("score").get<double>());
    if (ood->contains("limit")) text += fmt::format(" (limit {:.4g})", ood->at("limit").get<double>());
    notes.push_back({{"text", text + (ood->at("unlike_training") ? "; unlike them" : "")}});
  }
  if (const auto set = answer.find("prediction_set"); set != answer.end()) {
    std::string text = "Classes that the picture may be of";
    if (set->contains("coverage"))
      text += fmt::format(", right for {:.0f} % of pictures", 100 * set->at("coverage").get<double>());
    text += ":";
    for (const Json& name : set->at("classes")) text += " " + name.get<std::string>();
    notes.push_back({{"text", text}});
  }
  return notes;
}

/// What all Observations share.
Json observation(const Json& answer, const char* id, const char* code) {
  Json result{{"resourceType", "Observation"}, {"id", id}, {"status", "preliminary"}, {"code", concept_of(code)}};
  if (answer.contains("patient")) result["subject"] = {{"reference", "#patient"}};
  result["effectiveDateTime"] = answer.at("created_at");
  result["device"] = {{"reference", "#model"}};
  if (answer.contains("patient") && answer["patient"].contains("site"))
    result["bodySite"] = concept_of(answer["patient"]["site"]);
  return result;
}

Json classes_of(const Json& answer) {
  Json result = observation(answer, "classes", "Class of the skin lesion, by probability");
  result["valueCodeableConcept"] = concept_of(answer.at("predicted"));
  if (Json notes = notes_of(answer); !notes.empty()) result["note"] = std::move(notes);
  for (const auto& [name, probability] : answer.at("probabilities").items())
    result["component"].push_back({{"code", concept_of(name)}, {"valueQuantity", share_of(probability)}});
  return result;
}

Json malignancy_of(const Json& answer) {
  const Json& malignant = answer.at("malignant");
  Json result = observation(answer, "malignancy", "Share of the malignant classes");
  result["valueQuantity"] = share_of(malignant.at("score"));
  result["interpretation"] = interpretation_of(answer.at("decision"));
  if (malignant.contains("threshold"))
    result["referenceRange"] =
        Json::array({{{"high", share_of(malignant["threshold"])}, {"text", "The model's threshold"}}});
  return result;
}

Json device_of(const Json& model) {
  return {{"resourceType", "Device"},
          {"id", "model"},
          {"deviceName", Json::array({{{"name", model.at("name")}, {"type", "model-name"}}})},
          {"type", concept_of("Software that classifies photographs of skin lesions")},
          {"version", Json::array({{{"value", model.at("version")}}})}};
}

/// The caller's own pseudonym, and the sex; FHIR has no place for an age in years.
Json patient_of(const Json& patient) {
  Json result{{"resourceType", "Patient"}, {"id", "patient"}};
  if (patient.contains("patient_key")) result["identifier"] = Json::array({{{"value", patient["patient_key"]}}});
  if (patient.contains("sex")) result["gender"] = patient["sex"];
  return result;
}

std::string conclusion_of(const Json& answer) {
  const std::string predicted = answer.at("predicted");
  std::string text = fmt::format("Most probable class: {} ({:.2f}). ", predicted,
                                 answer.at("probabilities").at(predicted).get<double>());
  std::string words = answer.at("decision").at("words");
  words.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(words.front())));
  return text + words + ". An automated answer: not a diagnosis.";
}

}  // namespace

nlohmann::ordered_json fhir_of(const nlohmann::ordered_json& answer) {
  const bool patient = answer.contains("patient"), malignant = answer.contains("malignant");
  Json contained = Json::array({device_of(answer.at("model")), classes_of(answer)});
  Json results = Json::array({{{"reference", "#classes"}}});
  if (malignant) {
    contained.push_back(malignancy_of(answer));
    results.push_back({{"reference", "#malignancy"}});
  }
  if (patient) contained.push_back(patient_of(answer["patient"]));

  Json report{{"resourceType", "DiagnosticReport"}, {"id", answer.at("id")}};
  report["contained"] = std::move(contained);
  report["identifier"] = Json::array({{{"system", "urn:naevus:prediction"}, {"value", answer.at("id")}}});
  report["status"] = "preliminary";
  report["code"] = concept_of("Automated classification of a photograph of a skin lesion");
  if (patient) report["subject"] = {{"reference", "#patient"}};
  report["effectiveDateTime"] = answer.at("created_at");
  report["issued"] = answer.at("created_at");
  report["result"] = std::move(results);
  report["conclusion"] = conclusion_of(answer);
  return report;
}

}  // namespace naevus::server

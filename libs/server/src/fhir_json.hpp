#pragma once
#include <nlohmann/json.hpp>

namespace naevus::server {

/// An answer as HL7 FHIR R4 (4.0.1) has it: a DiagnosticReport with its Observations, the model as a Device, and, where
/// something is known of the patient, a Patient, all contained. Always preliminary: a person has the last word.
/// @param answer  as json_of() gives it, of a prediction that is kept
nlohmann::ordered_json fhir_of(const nlohmann::ordered_json& answer);

}  // namespace naevus::server

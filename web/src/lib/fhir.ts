/** A prediction's id in the form of a UUID, which FHIR asks of "urn:uuid:" addresses. */
function uuid(id: string): string {
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');
}

/** HL7 FHIR R4: a patient's reports as one Bundle of the type "collection".
    @param reports  as GET /api/v1/predictions/{id}/fhir gives them
    @param now      when it is made */
export function bundle(reports: readonly Record<string, unknown>[], now: Date): Record<string, unknown> {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: now.toISOString(),
    entry: reports.map((report) => ({ fullUrl: `urn:uuid:${uuid(String(report['id']))}`, resource: report })),
  };
}

/**
 * Stands in for ajv and ajv-formats in the bundle, where they would be half as large as the rest of the Model Context Protocol's SDK.
 * Our server brings a validator of its own for the only thing that it has to check: an answer of the user.
 */
export default function none() {
  return {
    getSchema() {},
    /** @returns {never} */
    compile() {
      throw new Error('The bundle has no validator of JSON Schemas; give the server one.')
    },
  }
}

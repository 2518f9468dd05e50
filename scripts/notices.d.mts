/** Returns the text of the notices for the packages of bundled files, given by their paths. */
export function thirdPartyNotices(files: Iterable<string>): Promise<string>

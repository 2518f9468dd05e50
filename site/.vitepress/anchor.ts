/** The ids of headings, as repository pages give them: the links between the documents work there and in the site. */

/** The id of a heading's text. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
}

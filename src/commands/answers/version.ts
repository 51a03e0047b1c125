/** The version of the answers' format, in each of them as `v`. */
export const ANSWER_VERSION = 1

/**
 * Takes secrets out of log lines. Whoever writes a line does not know all that an error's text may carry, so every line
 * passes here on its way out: known secrets by their own characters, others by where they stand.
 */

const HIDDEN = '[hidden]'

/** A group before the secret stays, and one behind it. */
const PLACES: readonly RegExp[] = [
  /(\bBearer\s+)[^\s"\\,]+/gi,
  // user:password@ of any address
  /(:\/\/[^\s/:@"\\]*:)[^\s/@"\\]+(?=@)/g,
  // signed addresses, ours and S3's
  /([?&](?:signature|sig|token|key|password|x-amz-(?:signature|credential|security-token))=)[^&\s"\\#]+/gi,
  // addresses that are secret themselves
  /(\/(?:exports|uploads)\/)[\w.~-]{16,}/g,
  // a JSON member, also of JSON inside a JSON text
  /(\\*"(?:authorization|password|secret|token|base64)\\*"\s*:\s*\\*")[^"\\]+/gi,
]

/** A picture, a key or a file: nothing that a person reads in a log. */
const LONG_BASE64 = /[A-Za-z0-9+/]{256,}={0,2}|[\w-]{256,}/g

/** @param secrets as they are configured; their percent-encoded and JSON forms are found too */
export function createScrubber(secrets: readonly string[]): (line: string) => string {
  const forms = new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret), jsonForm(secret)]))
  // The longest first: one may begin with another.
  const known = [...forms].filter((form) => form !== '').sort((a, b) => b.length - a.length)
  return (line) => {
    const withoutKnown = known.reduce((text, secret) => text.replaceAll(secret, HIDDEN), line)
    const withoutPlaces = PLACES.reduce((text, place) => text.replace(place, `$1${HIDDEN}`), withoutKnown)
    return withoutPlaces.replace(LONG_BASE64, (run) => `[${String(run.length)} characters]`)
  }
}

function jsonForm(secret: string): string {
  return JSON.stringify(secret).slice(1, -1)
}

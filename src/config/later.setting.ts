/** Settings that a later version honours. Until then they refuse: one that is silently ignored would be a false promise. */
const LATER: Readonly<Record<string, string>> = {
  GRAFT_TRUSTED_DOCUMENTS: 'this version cannot restrict callers to trusted documents; unset it',
}

export function laterSettingIssues(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(LATER).flatMap(([name, message]) => (env[name] === undefined ? [] : [`${name}: ${message}`]))
}

// A Standard Schema for a list of scopes: what forms, routers and validators take that know nothing of scopes.

const TEXTS = 'must be a list of texts';

/** `check` is that of the module or of a checker; the options are those of its request, and `among`. */
export function scopeList(check, { among, ...request } = {}) {
  const accepted = among && new Set(Object.values(among));

  function validate(value) {
    if (!Array.isArray(value)) return { issues: [{ message: TEXTS }] };
    const issues = [];
    for (const [index, scope] of [...value].entries()) {
      if (typeof scope !== 'string') issues.push({ message: 'must be a text', path: [index] });
    }
    if (issues.length > 0) return { issues };
    try {
      for (const { message, help, index } of check({ ...request, scopes: value }).errors) {
        issues.push(index === undefined ? { message: `${message}; ${help}` } : { message: `${message}; ${help}`, path: [index] });
      }
    } catch (error) {
      // Only a value can be too large; whatever else is wrong, is wrong with the options.
      if (error?.code !== 'request-too-large') throw error;
      return { issues: [{ message: `${error.message}; ${error.help}` }] };
    }
    for (const [index, scope] of value.entries()) {
      const isNamed = issues.some(({ path }) => path?.[0] === index);
      if (accepted && !accepted.has(scope) && !isNamed) issues.push({ message: `\`${scope}\` is not accepted here`, path: [index] });
    }
    return issues.length > 0 ? { issues } : { value: [...value] };
  }

  return { '~standard': { version: 1, vendor: 'scopewise', validate } };
}

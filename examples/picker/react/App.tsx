import type {} from 'scopewise/picker/react';

import { useState } from 'react';

export function App() {
  const [scopes, setScopes] = useState(['rows.read']);
  const [problem, setProblem] = useState('');
  return (
    <form method="post" action="/keys">
      <h1>React: create an API key</h1>
      <p>
        <label>
          Name <input name="name" required defaultValue="React" />
        </label>
      </p>
      <label htmlFor="scopes">Scopes</label>
      <scope-picker
        id="scopes"
        name="scopes"
        runsIn="server"
        required
        value={scopes}
        onchange={({ detail }) => setScopes(detail.value)}
        onerror={({ detail }) => setProblem(detail.message)}
      />
      <p>
        <output>{problem || `Selected: ${scopes.join(', ') || 'nothing'}`}</output>
      </p>
      <p>
        <button type="button" onClick={() => setScopes([])}>
          Select nothing
        </button>{' '}
        <button>Create key</button>
      </p>
    </form>
  );
}

// SCOPEWISE_TEST_SLOW=6 slows the processor of each page in Chromium by this factor, to find tests that depend on how soon a page paints.

// SCOPEWISE_TEST_LATE=800 keeps each answer of the API back for a random time up to as many milliseconds, to find tests and pages that
// depend on the order in which answers come.

const factor = Number(process.env.SCOPEWISE_TEST_SLOW ?? 1);
const late = Number(process.env.SCOPEWISE_TEST_LATE ?? 0);

/** Slows the pages of a context, and what they are answered. In Firefox the pages stay as fast as they are. */
export async function slowDown(context, browserName) {
  if (late > 0) {
    await context.route(/\/v1\//, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * late));
      await route.fallback();
    });
  }
  if (factor === 1 || browserName !== 'chromium') return;
  if (!(factor > 1)) throw new Error('SCOPEWISE_TEST_SLOW is a number above 1');
  context.on('page', async (page) => {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: factor });
  });
}

// SCOPEWISE_TEST_SLOW=6 slows the processor of each page in Chromium by this factor, to find tests that depend on how soon a page paints.

const factor = Number(process.env.SCOPEWISE_TEST_SLOW ?? 1);

/** Slows the pages of a context. In Firefox it does nothing. */
export function slowDown(context, browserName) {
  if (factor === 1 || browserName !== 'chromium') return;
  if (!(factor > 1)) throw new Error('SCOPEWISE_TEST_SLOW is a number above 1');
  context.on('page', async (page) => {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: factor });
  });
}

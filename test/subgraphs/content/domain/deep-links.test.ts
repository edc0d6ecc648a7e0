import { expect, test } from '@jest/globals';
import { deepLinkOf } from '../../../../subgraphs/content/domain/deep-links.ts';

test('a real id opens the title, in the app and in a browser', () => {
  expect(deepLinkOf('netflix', '80057281', 'Stranger Things')).toEqual({
    web: 'https://www.netflix.com/title/80057281',
    fireTv:
      'intent://www.netflix.com/title/80057281#Intent;scheme=https;action=android.intent.action.VIEW;' +
      'package=com.netflix.ninja;S.browser_fallback_url=https%3A%2F%2Fwww.netflix.com%2Ftitle%2F80057281;end',
  });
  expect(deepLinkOf('hotstar', '1660010169', 'Wall-E').web).toBe('https://www.hotstar.com/1660010169');
  expect(deepLinkOf('prime_video', '0H3DDB4KBJFNDCKKLHNRLRLVKQ', 'X').web).toContain(
    '/detail/0H3DDB4KBJFNDCKKLHNRLRLVKQ',
  );
});

test.each(['netflix', 'prime_video', 'hotstar'] as const)(
  'a row number of %s opens its search for the title',
  (platform) => {
    const { web, fireTv } = deepLinkOf(platform, 's42', 'Love; & Hate');
    expect(web).toContain('Love%3B%20%26%20Hate');
    expect(fireTv).toMatch(/^intent:\/\/[^;#]+#Intent;scheme=https;[^#]*;end$/);
  },
);

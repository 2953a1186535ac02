/** Vite step: the typefaces of page and PDF come from npm packages and are served by this server. */
import { copyFileSync, createReadStream, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";

const PACKAGES = "node_modules/@expo-google-fonts";

/** File name under /fonts -> where the package keeps it. Regular, bold, italic only. */
const FONTS: Record<string, string> = {
  "NotoSerif-Regular.ttf": "noto-serif/400Regular/NotoSerif_400Regular.ttf",
  "NotoSerif-Italic.ttf": "noto-serif/400Regular_Italic/NotoSerif_400Regular_Italic.ttf",
  "NotoSerif-Bold.ttf": "noto-serif/700Bold/NotoSerif_700Bold.ttf",
  "NotoSerif-BoldItalic.ttf": "noto-serif/700Bold_Italic/NotoSerif_700Bold_Italic.ttf",
  "NotoSans-Regular.ttf": "noto-sans/400Regular/NotoSans_400Regular.ttf",
  "NotoSans-Italic.ttf": "noto-sans/400Regular_Italic/NotoSans_400Regular_Italic.ttf",
  "NotoSans-Bold.ttf": "noto-sans/700Bold/NotoSans_700Bold.ttf",
  "NotoNaskhArabic-Regular.ttf": "noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf",
  "NotoNaskhArabic-Bold.ttf": "noto-naskh-arabic/700Bold/NotoNaskhArabic_700Bold.ttf",
  "NotoSansArabic-Regular.ttf": "noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf",
  "NotoSansArabic-Bold.ttf": "noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf",
  "NotoSerifSC-Regular.ttf": "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
  "NotoSerifSC-Bold.ttf": "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
};

export function localFonts(root: string): Plugin {
  let outDir: string | null = null;
  return {
    name: "local-fonts",
    configResolved({ build, command }) {
      outDir = command === "build" ? build.outDir : null;
    },
    configureServer(server) {
      server.middlewares.use("/fonts", (request, response, next) => {
        const source = FONTS[(request.url ?? "").slice(1)];
        if (!source) return next();
        response.setHeader("Content-Type", "font/ttf");
        createReadStream(join(root, PACKAGES, source)).pipe(response);
      });
    },
    closeBundle() {
      if (outDir === null) return;
      const target = join(resolve(root, outDir), "fonts");
      mkdirSync(target, { recursive: true });
      for (const [name, source] of Object.entries(FONTS)) {
        const from = join(root, PACKAGES, source);
        if (!existsSync(from)) throw new Error(`The typeface ${source} is not installed.`);
        copyFileSync(from, join(target, name));
      }
    },
  };
}

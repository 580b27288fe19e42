/**
 * Which files an ordinary edit may change.
 *
 * Owns: the kinds of source that are known, and the names among them that decide what runs, or what an agent does. Never: looks at the disk.
 *
 * EDIT-1 A file of a kind that is not listed as source is not ordinary: scripts of a shell, programs, files without an ending.
 */
const KINDS = new Set(("ts tsx mts cts js jsx mjs cjs vue svelte astro css scss sass less html htm svg py pyi ipynb go rs java kt kts scala clj ex exs erl hs " +
    "ml c h cc cpp cxx hpp hh m mm cs fs vb swift rb php pl lua r jl dart zig nim sql graphql gql proto thrift md mdx rst adoc txt csv tsv " +
    "json jsonc json5 yaml yml toml xml xsd xsl ini cfg po pot tex bib snap diff patch log j2 hbs ejs pug erb haml slim liquid").split(" "));
/** Manifests, locks, build and CI files, and what agents read as their orders; without case. */
const SPECIAL = [
    /(?:^|[._-])lock(?:$|[._-])|^packages?\.|^action\.ya?ml$/,
    /^(?:package|package-lock|npm-shrinkwrap|composer|bower|lerna|nx|turbo|rush|deno|jsr|bunfig|project|tsconfig.*|jsconfig.*|biome|renovate|vercel|netlify|firebase|app|manifest|now|wrangler|fly|nodemon|angular|workspace|devbox|eas|import[-_]?map|typedoc|knip|railway)\.(?:jsonc?|json5|toml)$/,
    /^(?:pnpm-lock|pnpm-workspace|serverless|skaffold|docker-bake.*|docker-compose.*|compose.*|taskfile.*|lefthook|pre-commit.*|azure-pipelines.*|bitbucket-pipelines.*|appveyor|cloudbuild|buildspec|codemagic|wercker|drone|mkdocs|pubspec|helmfile|chart|kustomization|ansible.*|playbook.*|environment|lefthook.*|captainhook|grumphp|overcommit|amplify|render|app|heroku|moon|snapcraft|electron-builder|goreleaser|readthedocs|circle|samconfig)\.(?:ya?ml|jsonc?|toml)$|^serverless\.[cm]?[jt]s$|^docker-bake.*\.hcl$/,
    /^(?:cargo|pyproject|pipfile|poetry|uv|gopkg|rustfmt|clippy|rust-toolchain|netlify|fly|book|mise.*|devenv|prefect|pixi|hatch|pdm|pylintrc|pylint|air)\.toml$/,
    /^(?:setup|conftest|noxfile|tasks|fabfile|manage|build|sitecustomize|usercustomize|wscript|sconstruct|pavement|dodo|settings|gunicorn.*|celeryconfig|conf|hatch_build|conanfile|makefile|premake.*|xmake|rector|deploy|castor|robofile|scoper\.inc)\.(?:py|cfg|rs|kts|zig|hs|jl|pl|lua|php|clj|rb|r)$/,
    /^(?:tox|pytest|mypy|setup|alembic|uwsgi|ansible|desktop)\.(?:ini|cfg)$/,
    /^(?:requirements.*|constraints.*|cmakelists|runtime)\.txt$/,
    /^(?:pom|build|nuget|phpunit|psalm|phpcs|ivy|directory\.build\..*|web|app|androidmanifest)\.(?:xml|config|props|targets)$/,
    /\.gradle(?:\.kts)?$|^project\.clj$|^(?:mix|rebar)\.(?:exs|config|lock)$/,
    // vite.config.ts, jest.setup.js, eslint.config.mjs, gulpfile.js, Gruntfile.js
    /(?:\.|^(?:brunch|craco|gatsby|truffle)-)(?:config|conf|setup|workspace|preset|plugin)s?\.(?:[cm]?[jt]sx?|jsonc?|json5|ya?ml|toml|py|php|hcl)$|^(?:gulp|grunt|jake|rake|gem|guard|cap|pod|fast|app|match|thor|danger|plop|knex|pnpm|jenkins)file(?:\..*)?$|^gatsby-[\w.-]*\.[cm]?[jt]sx?$|^(?:webpack|rollup|vite|vitest|jest|karma|babel|metro|next|nuxt|svelte|tailwind|postcss|eslint|prettier|stylelint|playwright|cypress)[\w.-]*\.[cm]?[jt]sx?$/,
    /^(?:claude|agents?|gemini|qwen|copilot-instructions|codex|warp|crush|opencode|codebuddy|replit|cursorrules|windsurfrules|conventions|skill|system[-_]?prompt)(?:\.local|\.override)?\.(?:md|mdx|txt|json)$/,
    /^(?:settings|settings\.local|mcp|mcp_config|mcp-config|hooks|managed-settings|opencode|keybindings|launch|tasks|extensions)\.jsonc?$/,
];
/** Folders in which files are run by what starts, builds or hooks. */
const SPECIAL_FOLDERS = /^(?:hooks|git-?hooks|husky|gulpfile\..*|buildsrc|build-logic|bin|sbin|node_modules|vendor|dist|build|out|target|site-packages|ci|workflows|systemd|launchagents|launchdaemons|cron.*|autostart|\..*)$/;
/** Why editing it is not ordinary, for people; undefined where it is. `path` is relative to the session's folder. */
export function findUnusualEdit(path) {
    const parts = path.normalize("NFKC").toLowerCase().split("/");
    const name = parts.at(-1) ?? "";
    if (parts.some((part) => part.startsWith(".")))
        return `changes a hidden file: ${path}`;
    if (parts.slice(0, -1).some((part) => SPECIAL_FOLDERS.test(part)))
        return `changes a file in a folder whose files are run: ${path}`;
    if (SPECIAL.some((pattern) => pattern.test(name)))
        return `changes a file that is installed, built or read by agents: ${path}`;
    const ending = /[^.]\.([a-z0-9]+)$/.exec(name)?.[1] ?? "";
    return KINDS.has(ending) ? undefined : `not a kind of source that is known: ${path}`;
}

"""The MkDocs plugin `whypin`: hooks only. It adds the catalogue to a site and writes nothing to the sources."""

from __future__ import annotations

import gc
import os
import re
from datetime import UTC, date, datetime
from functools import partial
from posixpath import dirname, join, normpath, split
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, InclusionLevel

from whypin.app import publish
from whypin.catalogue import dialect, feeds, rendering
from whypin.catalogue.source import source
from whypin.catalogue.view import Options
from whypin.errors import WhypinError
from whypin.reporters.escape import one_line

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from whypin.catalogue.addresses import Style
    from whypin.catalogue.rendering import Piece

_ASSETS = {f"assets/whypin/{os.path.basename(path)}": path for path in publish.ASSETS}
_DEFAULT = Options()
#: With more pages than these, the words of a decision are found by its own page only.
_MANY = 1000
#: A build that says more is not read.
_MOST_FINDINGS = 20

log = get_plugin_logger("whypin")


class WhypinConfig(Config):  # type: ignore[no-untyped-call]
    """The options of the plugin, each with its type; site/reference/plugin.md says what they do."""

    root = config_options.Type(str, default=".")
    folder = config_options.Type(str, default=_DEFAULT.folder)
    title = config_options.Type(str, default=_DEFAULT.title)
    package_url = config_options.Type(str, default=_DEFAULT.package_url)
    source_url = config_options.Type(str, default=_DEFAULT.source_url)
    edit_url = config_options.Type(str, default=_DEFAULT.edit_url)
    history = config_options.Type(bool, default=False)
    trusted_extensions = config_options.ListOfItems(config_options.Type(str), default=[])
    fail_on = config_options.Choice(("never", "warning", "error"), default="never")
    today = config_options.Type((date, str), default="")


class WhypinPlugin(BasePlugin[WhypinConfig]):  # type: ignore[no-untyped-call]
    """Adds the catalogue of a project's decisions; may be listed several times, each with a folder of its own."""

    supports_multiple_instances = True

    def __init__(self) -> None:
        self._ours: set[str] = set()
        self._pieces: dict[str, list[Piece]] = {}
        self._words: dict[str, str] = {}
        self._shown: str | None = None
        self._addresses: dict[tuple[str, bool, str], str | None] = {}

    def on_config(self, config: MkDocsConfig) -> None:
        """Refuse options that cannot work; name the catalogue's style and script to the theme, once."""
        if not re.fullmatch(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*", self.config.folder):
            raise PluginError(
                f"whypin: folder {self.config.folder!r} is not a folder of the site; write a name such as catalogue"
            )
        self._options()
        for uri in _ASSETS:
            known = config.extra_css if uri.endswith(".css") else config.extra_javascript
            if uri not in known:
                known.append(uri)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages, outside the nav, what they look like, and what is for other programs."""
        self._root = os.path.join(os.path.dirname(config.config_file_path or ""), self.config.root)
        made = self._made = self._published(config)
        for page in made.pages:
            if files.get_file_from_path(page.path) is not None:
                raise PluginError(f"whypin: there is a page {page.path} already; give the plugin another folder")
            files.append(File.generated(config, page.path, content=source(page), inclusion=InclusionLevel.NOT_IN_NAV))
        for path, text in made.machine.items():
            files.append(File.generated(config, path, content=text.encode()))
        for uri, path in (made.images | _ASSETS).items():
            if files.get_file_from_path(uri) is None:
                files.append(File.generated(config, uri, abs_src_path=path))
        # Millions of values that stay for the whole build: looking through them again and again takes a tenth of it.
        gc.freeze()
        self._ours = {page.path for page in made.pages}
        self._addresses.clear()
        self._warn()
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Render what is ours ourselves, all but the headings: reading Markdown is most of what a build does.

        Of very many pages, the search gets the words of a decision from the decision's own page only.
        """
        path = page.file.src_uri
        if path not in self._ours:
            return markdown
        prose = len(self._ours) <= _MANY or not path.startswith(f"{self.config.folder}/packages/")
        found = rendering.parted(markdown, partial(self._resolve, page.file, files), prose)
        if found is None:
            return markdown
        outline, self._pieces[path] = found
        return outline

    def _resolve(self, source: File, files: Files, address: str) -> str | None:
        """Return an address as `_address` does; from all pages of a folder the same page is as far away."""
        if address.startswith(("?", "#")):
            return _address(source, files, address)
        folder, name = split(source.src_uri)
        key = (folder, name == "index.md", address)
        if key not in self._addresses:
            self._addresses[key] = _address(source, files, address)
        return self._addresses[key]

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Put what is between the headings in its place; keep for the search what it is to know of the page."""
        pieces = self._pieces.pop(page.file.src_uri, None)
        if pieces is None:
            return html
        self._words[page.file.src_uri] = rendering.searched(html, pieces)
        return rendering.joined(html, [piece.html for piece in pieces])

    @event_priority(100)
    def _give_words(self, /, context: TemplateContext, *, page: Page, **_: object) -> None:
        """Before the search looks at a page, show it the words; links and tables are not worth its time."""
        if page.file.src_uri in self._words:
            self._shown, page.content = page.content, self._words.pop(page.file.src_uri)

    @event_priority(-100)
    def _give_all(self, /, context: TemplateContext, *, page: Page, **_: object) -> None:
        """After the search, the page is whole again."""
        if self._shown is not None:
            page.content, self._shown = self._shown, None

    on_page_context = CombinedEvent(_give_words, _give_all)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Leave out the indentation, a sixth of a page; on the first page, tell readers of feeds that there is one."""
        if page.file.src_uri not in self._ours:
            return output
        if "<pre" not in output and "<textarea" not in output:
            output = re.sub(r"\n\s+", "\n", output)
        if page.file.src_uri != f"{self.config.folder}/index.md":
            return output
        # Not `alternate` alone: Material takes that for the site in another language, and asks for its map.
        link = f'<link rel="feed alternate" type="application/atom+xml" title="Decisions" href="{feeds.NAME}">'
        return output.replace("</head>", f"{link}</head>", 1)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Give back what was held for the build."""
        gc.unfreeze()

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object) -> LiveReloadServer:
        """Build again when a record, a lock, a manifest, the configuration or a file of an artifact changes."""
        project = self._made.project
        read = [project.settings.records, "pyproject.toml", "whypin.toml", *project.files]
        read += [lock.path for lock in project.locks] + [manifest.path for manifest in project.manifests]
        for path in sorted({os.path.join(self._root, path) for path in read}):
            if os.path.exists(path):
                server.watch(path)
        return server

    def _options(self) -> Options:
        names = ("title", "folder", "package_url", "source_url", "edit_url")
        try:
            return publish.checked({name: getattr(self.config, name) for name in names})
        except WhypinError as error:
            raise PluginError(f"whypin: {one_line(str(error))}") from None

    def _published(self, config: MkDocsConfig) -> publish.Published:
        style: Style = "folder" if config.use_directory_urls else "html"
        base = urljoin(config.site_url, f"{self.config.folder}/") if config.site_url else ""
        try:
            return publish.publish(
                self._root, (), self._today(), self._options(), style, base, self._dialect(config), self.config.history
            )
        except WhypinError as error:
            raise PluginError(f"whypin: {one_line(str(error))}") from None

    def _dialect(self, config: MkDocsConfig) -> dialect.Dialect:
        """Return the site's own Markdown, as far as it is for the texts of records."""
        names = {dialect.short(name) for name in config.markdown_extensions if isinstance(name, str)}
        for name in self.config.trusted_extensions:
            if why := dialect.NEVER.get(dialect.short(name)):
                raise PluginError(f"whypin: trusted_extensions: {name} {why}; records never get it")
            if dialect.short(name) not in names:
                raise PluginError(f"whypin: trusted_extensions: {name!r} is none of the site's markdown_extensions")
        found = dialect.chosen(config.markdown_extensions, config.mdx_configs, self.config.trusted_extensions)
        if found.passed_over:
            log.info(f"records are read without {', '.join(found.passed_over)}; see trusted_extensions")
        return found

    def _warn(self) -> None:
        """Tell why there is no history, and warn of the findings that count here: a strict build then fails."""
        if self._made.note:
            log.info(one_line(f"no timelines: {self._made.note}"))
        counted = {"never": (), "warning": ("error", "warning"), "error": ("error",)}[self.config.fail_on]
        found = [finding for finding in self._made.findings if finding.severity in counted]
        for finding in found[:_MOST_FINDINGS]:
            log.warning(one_line(f"{finding.location}: {finding.severity} {finding.code} {finding.message}"))
        if len(found) > _MOST_FINDINGS:
            log.warning(f"and {len(found) - _MOST_FINDINGS} more: whypin check tells them all")

    def _today(self) -> date | None:
        """Return the day to judge by, where the site or the build says so: equal inputs then give equal pages."""
        chosen, epoch = self.config.today, os.environ.get("SOURCE_DATE_EPOCH", "")
        try:
            if chosen:
                return chosen if isinstance(chosen, date) else date.fromisoformat(str(chosen))
            return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else None
        except (ValueError, OverflowError, OSError):
            what = (
                f"today {chosen!r} is not a day like 2026-11-22"
                if chosen
                else f"SOURCE_DATE_EPOCH {epoch!r} is no time"
            )
            raise PluginError(f"whypin: {what}") from None


def _address(source: File, files: Files, address: str) -> str | None:
    """Return the address of a page or file from another page, as it stands in the sources; None where there is none."""
    path, mark, rest = re.fullmatch(r"([^?#]*)([?#]?)(.*)", address, re.DOTALL).groups()  # type: ignore[union-attr]
    target = files.get_file_from_path(normpath(join(dirname(source.src_uri), path))) if path else source
    return f"{target.url_relative_to(source)}{mark}{rest}" if target is not None else None

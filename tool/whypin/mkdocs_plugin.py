"""The MkDocs plugin `whypin`: hooks only. It adds the catalogue to a site and writes nothing to the sources."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from json import dumps
from typing import TYPE_CHECKING

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, InclusionLevel

from whypin import app, catalogue
from whypin.catalogue.markup import is_web_address, text
from whypin.catalogue.view import Options
from whypin.errors import WhypinError
from whypin.reporters.escape import one_line

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files

    from whypin.catalogue.parts import Page
    from whypin.model.project import Project

_ASSETS = os.path.join(os.path.dirname(catalogue.__file__), "assets")
_STYLE = f"assets/whypin/{catalogue.STYLE}"
_SCRIPT = f"assets/whypin/{catalogue.SCRIPT}"
_DEFAULT = Options()


class WhypinConfig(Config):  # type: ignore[no-untyped-call]
    """The options of the plugin: `root`, `folder`, `title`, `package_url` and `today`."""

    root = config_options.Type(str, default=".")
    folder = config_options.Type(str, default=_DEFAULT.folder)
    title = config_options.Type(str, default=_DEFAULT.title)
    package_url = config_options.Type(str, default=_DEFAULT.package_url)
    today = config_options.Type((date, str), default="")


class WhypinPlugin(BasePlugin[WhypinConfig]):  # type: ignore[no-untyped-call]
    """Adds the catalogue of a project's decisions; may be listed several times, each with a folder of its own."""

    supports_multiple_instances = True

    def on_config(self, config: MkDocsConfig) -> None:
        """Refuse options that cannot work; name the catalogue's style and script to the theme, once."""
        if not re.fullmatch(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*", self.config.folder):
            raise PluginError(
                f"whypin: folder {self.config.folder!r} is not a folder of the site; write a name such as catalogue"
            )
        if self.config.package_url and not is_web_address(re.sub("[{}]", "", self.config.package_url)):
            raise PluginError(
                f"whypin: package_url {self.config.package_url!r} is not a web address; begin it with https://"
            )
        if _STYLE not in config.extra_css:
            config.extra_css.append(_STYLE)
        if _SCRIPT not in config.extra_javascript:
            config.extra_javascript.append(_SCRIPT)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages, outside the nav, and what they look like."""
        self._root = os.path.join(os.path.dirname(config.config_file_path or ""), self.config.root)
        self._project, pages = self._pages()
        for page in pages:
            if files.get_file_from_path(page.path) is not None:
                raise PluginError(f"whypin: there is a page {page.path} already; give the plugin another folder")
            files.append(File.generated(config, page.path, content=_source(page), inclusion=InclusionLevel.NOT_IN_NAV))
        for uri in (_STYLE, _SCRIPT):
            if files.get_file_from_path(uri) is None:
                files.append(File.generated(config, uri, abs_src_path=os.path.join(_ASSETS, os.path.basename(uri))))
        return files

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object) -> LiveReloadServer:
        """Build again when a record, a lock, a manifest or the configuration changes."""
        project = self._project
        read = [project.settings.records, "pyproject.toml", "whypin.toml"]
        read += [lock.path for lock in project.locks] + [manifest.path for manifest in project.manifests]
        for path in sorted({os.path.join(self._root, path) for path in read}):
            if os.path.exists(path):
                server.watch(path)
        return server

    def _pages(self) -> tuple[Project, list[Page]]:
        options = Options(self.config.title, self.config.folder, self.config.package_url)
        try:
            project = app.load(self._root, on_day=self._today())
            return project, catalogue.pages(project, app.check(project).findings, options)
        except WhypinError as error:
            raise PluginError(f"whypin: {one_line(str(error))}") from None

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


def _source(page: Page) -> str:
    """Return a page with the front matter that themes read; they print the title without escaping it."""
    meta = [f"title: {dumps(text(page.title))}"]
    if page.wide:
        meta.append("hide: [toc]")
    if page.boost != 1:
        meta.append(f"search: {{boost: {page.boost}}}")
    return "\n".join(["---", *meta, "---", "", page.text])

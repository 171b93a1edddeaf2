// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDir>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QPainter>
#include <QSettings>
#include <QTabBar>
#include <QToolBar>

#include "app/version.h"
#include "ui/advice/advice_panel.h"
#include "ui/advice/threshold_dialog.h"
#include "ui/evidence/evidence_panel.h"
#include "ui/evidence/heat_page.h"
#include "ui/jobs/budget_bar.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/models/models_panel.h"
#include "ui/preview/preview_panel.h"
#include "ui/recipe/recipe_form.h"
#include "ui/theme/icons.h"
#include "ui/window/column_aligner.h"
#include "ui/window/curves_panel.h"
#include "ui/window/drop_overlay.h"
#include "ui/window/file_actions.h"
#include "ui/window/job_actions.h"
#include "ui/window/merge_dialog.h"
#include "ui/window/panel_dock.h"
#include "ui/window/samples.h"
#include "ui/yaml/problems_panel.h"
#include "ui/yaml/yaml_editor.h"

namespace layerloom {
namespace {

/// Raised when docks are added or renamed: an older state would not fit.
constexpr int kLayoutVersion = 3;
const QString kGeometryKey = QStringLiteral("window/geometry");
const QString kStateKey = QStringLiteral("window/state");
const QString kThemeKey = QStringLiteral("window/theme");
const QString kOutputKey = QStringLiteral("merge/folder");

}  // namespace

MainWindow::MainWindow(const QString& mergeProgram, QWidget* parent) : QMainWindow(parent), m_workspace(mergeProgram) {
  setObjectName(QStringLiteral("MainWindow"));
  setAcceptDrops(true);
  setDockNestingEnabled(true);
  setContentsMargins(6, 0, 6, 0);
  setWindowIcon(applicationIcon());
  m_files = new FileActions(m_workspace, *this);
  m_curves = new CurvesPanel(m_workspace, this);
  setCentralWidget(m_curves);
  makeDocks();
  makeBudgetBar();
  makeMenus();
  m_overlay = new DropOverlay(this);
  connectModels();
  connectForm();
  connectYaml();
  connectEvidence();
  connectPreview();
  new JobActions(m_workspace.jobs(), *m_jobs, *this);
  connectWorkspace();
  resetLayout();
  m_factoryLayout = saveState(kLayoutVersion);
  restoreSettings();
  showTitle();
}

MainWindow::~MainWindow() {
  // Children outlive the members: what they say when they are hidden must not reach a workspace that is gone.
  for (QObject* child : findChildren<QObject*>()) {
    child->disconnect(this);
  }
}

PanelDock* MainWindow::addDock(const char* name, const QString& title, QWidget* content, Qt::DockWidgetArea area) {
  auto* dock = new PanelDock(QLatin1String(name), title, content, this);
  addDockWidget(area, dock);
  m_docks << dock;
  return dock;
}

void MainWindow::makeDocks() {
  m_models = new ModelsPanel(this);
  m_form = new RecipeForm(this);
  m_yaml = new YamlEditor(this);
  m_problems = new ProblemsPanel(this);
  m_jobs = new JobsPanel(this);
  m_evidence = new EvidencePanel(this);
  addDock("ModelsDock", tr("Models"), m_models, Qt::LeftDockWidgetArea)->title().addActions(m_models->titleActions());
  addDock("RecipeDock", tr("Recipe"), m_form, Qt::RightDockWidgetArea);
  addDock("YamlDock", tr("YAML"), m_yaml, Qt::BottomDockWidgetArea)->title().addActions(m_yaml->titleActions());
  m_problemsDock = addDock("ProblemsDock", tr("Problems"), m_problems, Qt::BottomDockWidgetArea);
  m_jobsDock = addDock("JobsDock", tr("Jobs"), m_jobs, Qt::BottomDockWidgetArea);
  m_jobsDock->title().addActions(m_jobs->titleActions());
  m_evidenceDock = addDock("EvidenceDock", tr("Evidence"), m_evidence, Qt::BottomDockWidgetArea);
  m_evidenceDock->title().setLeading(m_evidence->pageSwitch());
  m_evidenceDock->title().addActions(m_evidence->titleActions());
  m_advice = new AdvicePanel(this);
  m_adviceDock = addDock("AdviceDock", tr("Advice"), m_advice, Qt::BottomDockWidgetArea);
  m_adviceDock->title().setLeading(m_advice->summary());
  m_adviceDock->title().addActions(m_advice->titleActions());
  m_preview = new PreviewPanel(this);
  m_previewDock = addDock("PreviewDock", tr("Preview"), m_preview, Qt::BottomDockWidgetArea);
  tabifyDockWidget(m_problemsDock, m_evidenceDock);
  tabifyDockWidget(m_evidenceDock, m_adviceDock);
  tabifyDockWidget(m_adviceDock, m_previewDock);
  m_problemsDock->raise();
  setTabPosition(Qt::BottomDockWidgetArea, QTabWidget::North);
  setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
}

void MainWindow::makeBudgetBar() {
  m_budget = new BudgetBar(this);
  auto* bar = new QToolBar(tr("Budget"), this);
  bar->setObjectName(QStringLiteral("BudgetToolBar"));
  bar->setMovable(false);
  bar->setFloatable(false);
  bar->toggleViewAction()->setVisible(false);
  bar->addWidget(m_budget);
  addToolBar(Qt::BottomToolBarArea, bar);
  connect(m_budget, &BudgetBar::mergeRequested, this, &MainWindow::askAndMerge);
}

void MainWindow::makeMenus() {
  m_files->fill(*menuBar()->addMenu(tr("&File")));
  fillEditMenu(*menuBar()->addMenu(tr("&Edit")));
  fillViewMenu(*menuBar()->addMenu(tr("&View")));
  fillRunMenu(*menuBar()->addMenu(tr("&Run")));
  QMenu* help = menuBar()->addMenu(tr("&Help"));
  connect(help->addAction(tr("&About Layerloom")), &QAction::triggered, this, [this] {
    QMessageBox::about(this, tr("About Layerloom"),
                       tr("Layerloom %1\n\nVisual merge design for fine-tuned language models.\nGPL-3.0-or-later")
                           .arg(QLatin1String(kVersion)));
  });
}

void MainWindow::fillEditMenu(QMenu& menu) {
  m_undo = makeHistoryAction(tr("&Undo"), QStringLiteral("undo"), &QUndoStack::undo);
  m_undo->setShortcut(QKeySequence(QStringLiteral("Ctrl+Z")));
  m_redo = makeHistoryAction(tr("&Redo"), QStringLiteral("redo"), &QUndoStack::redo);
  m_redo->setShortcuts({QKeySequence(QStringLiteral("Ctrl+Shift+Z")), QKeySequence(QStringLiteral("Ctrl+Y"))});
  menu.addActions({m_undo, m_redo});
  m_curves->toolBar().setHistoryActions(m_undo, m_redo);
  connect(&m_workspace.document().history(), &QUndoStack::indexChanged, this, &MainWindow::showHistory);
  showHistory();
}

/// Not the history's own action: what was typed in the text a moment ago is not in the history yet, and is the first thing to take back.
QAction* MainWindow::makeHistoryAction(const QString& name, const QString& icon, void (QUndoStack::*step)()) {
  auto* action = new QAction(themedIcon(icon), name, this);
  connect(action, &QAction::triggered, this, [this, step] {
    m_yaml->flush();
    (m_workspace.document().history().*step)();
  });
  return action;
}

void MainWindow::showHistory() {
  const QUndoStack& history = m_workspace.document().history();
  m_undo->setEnabled(history.canUndo());
  m_undo->setText(history.canUndo() ? tr("&Undo: %1").arg(history.undoText()) : tr("&Undo"));
  m_redo->setEnabled(history.canRedo());
  m_redo->setText(history.canRedo() ? tr("&Redo: %1").arg(history.redoText()) : tr("&Redo"));
}

void MainWindow::fillViewMenu(QMenu& menu) {
  for (PanelDock* dock : std::as_const(m_docks)) {
    menu.addAction(dock->toggleViewAction());
  }
  menu.addSeparator();
  connect(menu.addAction(tr("&Reset layout")), &QAction::triggered, this, [this] { restoreState(m_factoryLayout, kLayoutVersion); });
  fillThemeMenu(*menu.addMenu(tr("&Theme")));
}

void MainWindow::fillThemeMenu(QMenu& menu) {
  auto* group = new QActionGroup(this);
  const std::initializer_list<std::pair<ThemeMode, QString>> modes = {{ThemeMode::System, tr("&System")},
                                                                      {ThemeMode::Light, tr("&Light")},
                                                                      {ThemeMode::Dark, tr("&Dark")},
                                                                      {ThemeMode::HighContrastLight, tr("High contrast l&ight")},
                                                                      {ThemeMode::HighContrastDark, tr("High contrast d&ark")}};
  for (const auto& [mode, text] : modes) {
    QAction* action = group->addAction(menu.addAction(text));
    action->setCheckable(true);
    action->setChecked(mode == currentThemeMode());
    connect(action, &QAction::triggered, this, [this, chosen = mode] { setTheme(chosen); });
  }
}

void MainWindow::fillRunMenu(QMenu& menu) {
  m_merge = menu.addAction(themedIcon(QStringLiteral("play")), tr("&Merge…"));
  m_merge->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return")));
  connect(m_merge, &QAction::triggered, this, &MainWindow::askAndMerge);
  QAction* cancel = menu.addAction(themedIcon(QStringLiteral("stop")), tr("&Cancel all merges"));
  connect(cancel, &QAction::triggered, this, [this] {
    for (const JobData& job : m_workspace.jobs().jobs()) {
      m_workspace.jobs().cancel(job.id);
    }
  });
}

void MainWindow::connectModels() {
  connect(m_models, &ModelsPanel::openRequested, m_files, &FileActions::addModelFolder);
  connect(m_models, &ModelsPanel::openSamplesRequested, m_files, &FileActions::openSamples);
  connect(m_models, &ModelsPanel::activated, &m_workspace, &Workspace::setActiveCard);
  connect(m_models, &ModelsPanel::hovered, this, [this](int card) { curves().view().setHighlightedTrack(m_workspace.trackOf(card)); });
  connect(m_models, &ModelsPanel::removeRequested, &m_workspace, &Workspace::removeModel);
  connect(m_models, &ModelsPanel::baseRequested, &m_workspace, &Workspace::makeBase);
  connect(m_models, &ModelsPanel::addToMergeRequested, &m_workspace, &Workspace::addToMerge);
  connect(m_models, &ModelsPanel::removeFromMergeRequested, &m_workspace, &Workspace::removeFromMerge);
  connect(m_models, &ModelsPanel::visibilityToggled, &m_workspace, &Workspace::setCurveVisible);
  connect(m_models, &ModelsPanel::fixRequested, &m_workspace, &Workspace::reloadModel);
}

void MainWindow::connectForm() {
  connect(m_form, &RecipeForm::methodChanged, &m_workspace, &Workspace::setMethod);
  connect(m_form, &RecipeForm::baseModelChanged, &m_workspace, &Workspace::setBaseModel);
  connect(m_form, &RecipeForm::parameterChanged, &m_workspace, &Workspace::setParameterValue);
  connect(m_form, &RecipeForm::curveRequested, &m_workspace, &Workspace::showParameter);
  connect(m_form, &RecipeForm::dtypeChanged, &m_workspace, &Workspace::setDtype);
  connect(m_form, &RecipeForm::outDtypeChanged, &m_workspace, &Workspace::setOutDtype);
  connect(m_form, &RecipeForm::tokenizerChanged, &m_workspace, &Workspace::setTokenizer);
  connect(m_form, &RecipeForm::chatTemplateChanged, &m_workspace, &Workspace::setChatTemplate);
  connect(m_form, &RecipeForm::placeRequested, this, [this](FormPlace place) {
    if (const int line = m_workspace.lineOf(place); line > 0) {
      m_yaml->revealLine(line);
    }
  });
}

void MainWindow::connectYaml() {
  connect(m_yaml, &YamlEditor::edited, &m_workspace.document(), &Document::editText);
  connect(m_yaml, &YamlEditor::typed, this, [this] { m_undo->setEnabled(true); });
  connect(m_files, &FileActions::aboutToUseDocument, m_yaml, &YamlEditor::flush);
  connect(m_yaml, &YamlEditor::exportRequested, m_files, &FileActions::exportYaml);
  connect(m_yaml, &YamlEditor::copyRequested, this, [this] { QApplication::clipboard()->setText(m_workspace.exportText()); });
  connect(m_problems, &ProblemsPanel::activated, this, [this](const Problem& problem) {
    if (problem.where.line > 0) {
      m_yaml->revealLine(problem.where.line);
    }
  });
}

void MainWindow::connectEvidence() {
  connect(&m_workspace, &Workspace::evidenceChanged, this, [this] { m_evidence->setData(m_workspace.evidence()); });
  connect(m_evidenceDock, &QDockWidget::visibilityChanged, m_evidence, &EvidencePanel::setSeen);
  connect(m_evidence, &EvidencePanel::placeChosen, this, [this](int layer, const QString&, const QString& tensor) { m_workspace.showPlace(layer, tensor); });
  connect(m_evidence, &EvidencePanel::measureAgainRequested, &m_workspace, &Workspace::measureAgain);
  connect(&m_curves->view(), &CurveView::hoveredLayerChanged, this,
          [this](int layer) { m_evidence->setMarkedLayer(m_workspace.modelLayer(layer)); });
  auto* columns = new ColumnAligner(curves().view(), m_evidence->heat().view(), *m_evidenceDock, this);
  connect(&m_workspace, &Workspace::chartChanged, columns, &ColumnAligner::later);
  connect(m_evidence, &EvidencePanel::layerPointedAt, this, [this](int layer) { curves().view().setMarkedLayer(m_workspace.chartLayer(layer)); });
}

void MainWindow::connectPreview() {
  const auto showPreview = [this] {
    if (m_previewDock->isVisible()) {
      m_preview->setData(m_workspace.preview());
    }
  };
  connect(&m_workspace, &Workspace::previewChanged, this, showPreview);
  connect(&m_workspace, &Workspace::evidenceChanged, this, showPreview);
  connect(m_previewDock, &QDockWidget::visibilityChanged, this, showPreview);
  connect(m_preview, &PreviewPanel::dryRunRequested, &m_workspace, &Workspace::runDry);
  connect(&m_workspace.previews(), &PreviewStore::dryRunAdvanced, m_preview, &PreviewPanel::setDryRunProgress);
  connect(m_preview, &PreviewPanel::dryRunCancelled, &m_workspace, &Workspace::stopDry);
  const auto showAdvice = [this] {
    m_advice->setEmptyText(m_workspace.adviceEmptyText());
    m_advice->setAdvice(m_workspace.mergeAdvice(), m_workspace.modelsBeside());
    m_adviceDock->title().setCount(m_advice->cautions(), false);
  };
  connect(&m_workspace, &Workspace::adviceChanged, this, showAdvice);
  connect(&m_workspace, &Workspace::formChanged, this, showAdvice);
  connect(m_advice, &AdvicePanel::activated, &m_workspace, &Workspace::showAdvice);
  connect(m_advice, &AdvicePanel::thresholdsRequested, this, [this] {
    ThresholdDialog dialog(m_workspace.thresholds(), this);
    if (dialog.exec() == QDialog::Accepted) {
      storeThresholds(dialog.thresholds());
      m_workspace.setThresholds(dialog.thresholds());
    }
  });
  m_workspace.setThresholds(storedThresholds());
}

void MainWindow::showEvidence() {
  m_evidenceDock->show();
  m_evidenceDock->raise();
}

void MainWindow::connectWorkspace() {
  connect(&m_workspace, &Workspace::cardsChanged, this, [this] { m_models->setCards(m_workspace.cards(), m_workspace.activeCard()); });
  connect(&m_workspace, &Workspace::formChanged, this, [this] { m_form->setData(m_workspace.form()); });
  connect(&m_workspace, &Workspace::textChanged, this, &MainWindow::showText);
  connect(&m_workspace, &Workspace::checkedChanged, this, &MainWindow::showChecked);
  connect(&m_workspace, &Workspace::documentReplaced, this, &MainWindow::showTitle);
  connect(&m_workspace.document(), &Document::changed, this, &MainWindow::showTitle);
  connect(&m_workspace.document().history(), &QUndoStack::cleanChanged, this, &MainWindow::showTitle);
  connect(&m_workspace, &Workspace::notice, this, [this](const QString& message) { QMessageBox::warning(this, tr("Layerloom"), message); });
}

void MainWindow::showText() {
  m_yaml->setText(m_workspace.recipeText());
  m_yaml->setLineColours(m_workspace.lineColours());
}

void MainWindow::showChecked() {
  const std::vector<Problem> problems = m_workspace.problems();
  m_yaml->setProblems(problems);
  m_problems->setProblems(problems);
  if (m_workspace.checked().size) {
    m_problems->setEmptyText(tr("No problems. %n tensor(s) will be written.", nullptr, static_cast<int>(m_workspace.checked().size->tensors)));
  }
  const bool urgent = hasErrors(problems);
  m_problemsDock->title().setCount(static_cast<int>(problems.size()), urgent);
  const BudgetData budget = m_workspace.budget(outputSuggestion());
  m_budget->setBudget(budget);
  m_merge->setEnabled(budget.blocked.isEmpty());
  m_merge->setToolTip(budget.blocked);
}

void MainWindow::showTitle() {
  setWindowTitle(m_workspace.document().name() + QStringLiteral("[*] — Layerloom"));
  setWindowModified(!m_workspace.document().history().isClean());
}

QString MainWindow::outputSuggestion() const {
  const QString folder = QSettings().value(kOutputKey, QDir::homePath() + QStringLiteral("/merged")).toString();
  return QDir(folder).filePath(m_workspace.document().name() + QStringLiteral("-merged"));
}

void MainWindow::askAndMerge() {
  m_yaml->flush();
  QStringList busy;
  for (const JobData& job : m_workspace.jobs().jobs()) {
    if (!isFinished(job.state)) {
      busy << job.folder;
    }
  }
  MergeDialog dialog(outputSuggestion(), busy, this);
  if (dialog.exec() == QDialog::Accepted) {
    QSettings().setValue(kOutputKey, QFileInfo(dialog.output()).absolutePath());
    startMerge(dialog.output(), dialog.overwrite(), dialog.unfinished());
  }
}

int MainWindow::startMerge(const QString& output, bool overwrite, UnfinishedMerge unfinished) {
  m_jobsDock->show();
  m_jobsDock->raise();
  MergeRequest request = m_workspace.mergeRequest(output, overwrite);
  request.unfinished = unfinished;
  return m_workspace.jobs().add(request);
}

void MainWindow::openAtStart(const QString& filePath) {
  const QString path = filePath.isEmpty() ? starterRecipe() : filePath;
  if (path.isEmpty() || !m_files->open(path)) {
    m_workspace.openNew();
  }
}

void MainWindow::setTheme(ThemeMode mode) {
  QSettings().setValue(kThemeKey, static_cast<int>(mode));
  applyTheme(*qApp, mode);
}

void MainWindow::resetLayout() {
  resize(1440, 900);
  resizeDocks({m_docks[0], m_docks[1]}, {288, 292}, Qt::Horizontal);
  resizeDocks({m_docks[2], m_docks[3], m_docks[4]}, {470, 590, 380}, Qt::Horizontal);
  resizeDocks({m_docks[2]}, {272}, Qt::Vertical);
}

void MainWindow::restoreSettings() {
  const QSettings settings;
  restoreGeometry(settings.value(kGeometryKey).toByteArray());
  restoreState(settings.value(kStateKey).toByteArray(), kLayoutVersion);
}

void MainWindow::saveSettings() const {
  QSettings settings;
  settings.setValue(kGeometryKey, saveGeometry());
  settings.setValue(kStateKey, saveState(kLayoutVersion));
}

void MainWindow::closeEvent(QCloseEvent* event) {
  m_yaml->flush();
  if (m_workspace.jobs().isBusy()) {
    const auto answer = QMessageBox::question(this, tr("A merge is running"), tr("A merge is running. Cancel it and close the window?"));
    if (answer != QMessageBox::Yes) {
      event->ignore();
      return;
    }
  }
  if (!m_files->mayDiscard()) {
    event->ignore();
    return;
  }
  saveSettings();
  event->accept();
}

void MainWindow::changeEvent(QEvent* event) {
  if (isThemeChange(event)) {
    update();
  }
  QMainWindow::changeEvent(event);
}

void MainWindow::paintEvent(QPaintEvent*) {
  // The ground between the docks; the palette's window colour is that of the docks themselves.
  QPainter painter(this);
  painter.fillRect(rect(), currentTheme().window);
  // Tabs stand on the same panel as the dock below them.
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(currentTheme().panel);
  for (const auto* tabs : findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
    if (tabs->isVisible()) {
      painter.drawRoundedRect(tabs->geometry().adjusted(0, 0, 0, 12), 6, 6);
    }
  }
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  m_overlay->setGeometry(rect());
}

}  // namespace layerloom

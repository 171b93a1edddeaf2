<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>AmountText</name>
    <message>
        <source>B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>number, unit</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 %3</source>
        <comment>done, total, unit</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1/s</source>
        <comment>amount per second</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChartBuilder</name>
    <message>
        <source>emb</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>norm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>head</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Methods</name>
    <message>
        <source>How much of the model goes into the merge.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the model&apos;s change against the base is added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge weight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Density</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lambda</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scales the merged change before it is added to the base.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Normalize</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rescale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scales the entries that are kept so that their magnitudes sum to what all entries had.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Int8 mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saves memory in mergekit; accepted here without effect.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linear (LERP)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weighted average of whole models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Divides by the sum of the merge weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SLERP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Moves from the base to one other model along the arc between them, tensor by tensor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position t</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 is the base model, 1 the other model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Task arithmetic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adds the weighted changes of the models to the base.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Belongs to the sparsifying methods; accepted here without effect, as in mergekit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Divides each entry by the sum of the merge weights that were kept there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TIES</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps the largest changes of each model, elects a sign per entry and adds the changes that agree with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of each tensor&apos;s changes that is kept, the largest ones first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DARE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps a random share of each model&apos;s changes, rescales them and adds them to the base.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Probability that an entry&apos;s change is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DARE + TIES</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps a random share of each model&apos;s changes, then elects a sign per entry as TIES does.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passthrough</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies layers as they are; with slices it stacks layers of several models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Factor on the copied tensor.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProblemText</name>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>line %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TensorGroups</name>
    <message>
        <source>All tensors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MLP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Norm</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::BudgetBar</name>
    <message>
        <source>Output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about %1</source>
        <comment>time</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>disk: %1 short</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>memory: %1 short</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the merge</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::BudgetItem</name>
    <message>
        <source>%1: %2</source>
        <comment>label, value</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::CurveToolBar</name>
    <message>
        <source>Parameter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameter that the curves show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tensor group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select points (V)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add and move points (P)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw freehand (D)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw a line (L)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise or lower an area (B)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Erase to neutral (X)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step: keep each value up to the next point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linear: straight between points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smooth: never beyond the points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Snap values to 0.05 (Alt while dragging: not)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show how far each model is from the base (E)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::CurveView</name>
    <message>
        <source>relative delta %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tied to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layer %1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layer curves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a model to draw its weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 over %3 layers, points: %n.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Layer %1: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
Tied: it has no tensor of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
Set on its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
Follows layer 0. Drag its handle to set it apart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move point</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Move %n points</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Delete point</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Delete %n points</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Change shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link to layer 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to neutral</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlink from layer 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set constant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit value…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set constant…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw curve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brush curve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Erase to neutral</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a frame to select points, drag a point to move it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click adds a point · Ctrl+click keeps the curve · Delete removes · Enter types a value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag to draw over the layers · Alt no snap · Esc back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a line over the layers · Shift level · Esc back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag up or down · wheel sets the width · Esc back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag over layers to set them to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release to delete · move back to keep · Esc back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: layer %2 → %3, %4 → %5 · Shift one axis · Ctrl fine × 0.1 · Alt no snap · Esc back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Δ %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>eff. %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>+ %n more</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Release to delete</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::CurvesPanel</name>
    <message>
        <source>Click to add a point, drag to move it, Delete removes it. Double click types a value.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::DockTitle</name>
    <message>
        <source>Float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::Document</name>
    <message>
        <source>Edit text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>untitled</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::DropHint</name>
    <message>
        <source>Drop model folders or .safetensors files here</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::EyeButton</name>
    <message>
        <source>Hide the curve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the curve</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::FileActions</name>
    <message>
        <source>&amp;New recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open recipe…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the sa&amp;mples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add model folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export YAML for mergekit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe has changes that are not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save them?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe cannot be opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The samples are not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install Layerloom again: its share/layerloom/samples folder is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipes (*.yml *.yaml);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add model folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layerloom recipes (*.layerloom.yml)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe cannot be saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export YAML for mergekit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mergekit recipes (*.yml *.yaml)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe cannot be exported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No recipes yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layerloom</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::FormRow</name>
    <message>
        <source>changed from the standard</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::JobRow</name>
    <message>
        <source>waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) in %1</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1. %2</source>
        <comment>reason, remedy</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>name of a job, state</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>method, state</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starts after the merge before it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <comment>time</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::JobsPanel</name>
    <message>
        <source>Clear finished jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merges that you run appear here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::MainWindow</name>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>YAML</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Budget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About Layerloom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Layerloom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layerloom %1

Visual merge design for fine-tuned language models.
GPL-3.0-or-later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;System</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High contrast l&amp;ight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High contrast d&amp;ark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Merge…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel all merges</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layerloom</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>No problems. %n tensor(s) will be written.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The merge failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A merge is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A merge is running. Cancel it and close the window?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only model folders, .safetensors files and recipes can be dropped here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Add %n model(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::MergeDialog</name>
    <message>
        <source>Merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where should the merged model go?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the merged model that is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of the merged model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder that will hold the merged model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder is made when the merge is complete; nothing half-done is left behind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the full path of a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This folder holds something else than a merged model. Name a new folder.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::MergeQueue</name>
    <message>
        <source>The merge program %1 cannot be started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install Layerloom again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The merge program ended unexpectedly (status %1).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::ModelCard</name>
    <message>
        <source>Add to merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>base model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not part of the merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>being read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>curve hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading headers…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::ModelsPanel</name>
    <message>
        <source>Open a model folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop model folders or .safetensors here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the samples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use as base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::NumberBox</name>
    <message>
        <source>required</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::ParameterField</name>
    <message>
        <source>varies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the layer curve</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::ProblemsPanel</name>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::RecipeForm</name>
    <message>
        <source>as the inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as computed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model that the others are compared with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precision in which the merge is computed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precision in which the result is written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program does not know the method.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::Workspace</name>
    <message>
        <source>Add models to merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s) in the recipe</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 · %n model(s) · %2</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Change method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change base model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change compute precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change output precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Add %n model(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Add to merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove model</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>layerloom::YamlEditor</name>
    <message>
        <source>Copy the recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the recipe…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe as YAML</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>

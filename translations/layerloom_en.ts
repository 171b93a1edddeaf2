<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>AuditText</name>
    <message numerus="yes">
        <source>%n tensor(s) look odd</source>
        <translation>
            <numerusform>%n tensor looks odd</numerusform>
            <numerusform>%n tensors look odd</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n remark(s) on the sources</source>
        <translation>
            <numerusform>%n remark on the sources</numerusform>
            <numerusform>%n remarks on the sources</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more tensor(s) are not listed.</source>
        <translation>
            <numerusform>%n more tensor is not listed.</numerusform>
            <numerusform>%n more tensors are not listed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n tensor</numerusform>
            <numerusform>%n tensors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n kept from the interrupted merge</source>
        <translation>
            <numerusform>%n kept from the interrupted merge</numerusform>
            <numerusform>%n kept from the interrupted merge</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::AdvicePanel</name>
    <message numerus="yes">
        <source>%n model(s) not in the merge: %1</source>
        <translation>
            <numerusform>%n model not in the merge: %1</numerusform>
            <numerusform>%n models not in the merge: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::AdviceSummary</name>
    <message numerus="yes">
        <source>%n strong warning(s)</source>
        <translation>
            <numerusform>%n strong warning</numerusform>
            <numerusform>%n strong warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n caution(s)</source>
        <translation>
            <numerusform>%n caution</numerusform>
            <numerusform>%n cautions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n note(s)</source>
        <translation>
            <numerusform>%n note</numerusform>
            <numerusform>%n notes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::CurveView</name>
    <message numerus="yes">
        <source>%1 of %2 over %3 layers, points: %n.</source>
        <translation>
            <numerusform>%1 of %2 over %3 layers, points: %n.</numerusform>
            <numerusform>%1 of %2 over %3 layers, points: %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n points</source>
        <translation>
            <numerusform>Move %n point</numerusform>
            <numerusform>Move %n points</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n points</source>
        <translation>
            <numerusform>Delete %n point</numerusform>
            <numerusform>Delete %n points</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+ %n more</source>
        <translation>
            <numerusform>+ %n more</numerusform>
            <numerusform>+ %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::EvidencePanel</name>
    <message numerus="yes">
        <source>Measuring: %1 of %n tensor(s)</source>
        <translation>
            <numerusform>Measuring: %1 of %n tensor</numerusform>
            <numerusform>Measuring: %1 of %n tensors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n note(s)</source>
        <translation>
            <numerusform>%n note</numerusform>
            <numerusform>%n notes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::HeatModel</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::JobRow</name>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n tensor</numerusform>
            <numerusform>%n tensors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) in %1</source>
        <translation>
            <numerusform>%n file in %1</numerusform>
            <numerusform>%n files in %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::MainWindow</name>
    <message numerus="yes">
        <source>No problems. %n tensor(s) will be written.</source>
        <translation>
            <numerusform>No problems. %n tensor will be written.</numerusform>
            <numerusform>No problems. %n tensors will be written.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %n model(s)</source>
        <translation>
            <numerusform>Add %n model</numerusform>
            <numerusform>Add %n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::RecipeForm</name>
    <message numerus="yes">
        <source>The last of %n documents. The others are edited in the text.</source>
        <translation>
            <numerusform>The only document.</numerusform>
            <numerusform>The last of %n documents. The others are edited in the text.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::VocabularyRows</name>
    <message numerus="yes">
        <source>%n token rule(s)</source>
        <translation>
            <numerusform>%n token rule</numerusform>
            <numerusform>%n token rules</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::Workspace</name>
    <message numerus="yes">
        <source>%n problem(s) in the recipe</source>
        <translation>
            <numerusform>%n problem in the recipe</numerusform>
            <numerusform>%n problems in the recipe</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 · %n model(s) · %2</source>
        <translation>
            <numerusform>%1 · %n model · %2</numerusform>
            <numerusform>%1 · %n models · %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n tensor</numerusform>
            <numerusform>%n tensors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %n model(s)</source>
        <translation>
            <numerusform>Add %n model</numerusform>
            <numerusform>Add %n models</numerusform>
        </translation>
    </message>
</context>
</TS>

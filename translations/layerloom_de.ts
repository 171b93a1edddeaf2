<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>Advice</name>
    <message>
        <source>%1 or the base holds %2 entries that are NaN or infinite; a merge would spread them.</source>
        <translation>%1 oder das Basismodell enthält %2 Einträge, die NaN oder unendlich sind; eine Zusammenführung würde sie verbreiten.</translation>
    </message>
    <message>
        <source>%1 is the same as the base: it adds nothing to a merge.</source>
        <translation>%1 gleicht dem Basismodell: Es trägt zu einer Zusammenführung nichts bei.</translation>
    </message>
    <message>
        <source>%1 hardly resembles the base: the cosine of their weights is %2, the relative delta %3. It probably has another ancestor, and a merge with it is unlikely to work.</source>
        <translation>%1 ähnelt dem Basismodell kaum: Der Kosinus der Gewichte ist %2, das relative Delta %3. Wahrscheinlich stammt es von einem anderen Modell ab, und eine Zusammenführung mit ihm wird kaum gelingen.</translation>
    </message>
    <message>
        <source>%1 moved far from the base: its relative delta is %2, where fine-tunes usually stay within some per cent. The farther a model moved, the less likely a merge works; give it a small weight or leave it out.</source>
        <translation>%1 hat sich weit vom Basismodell entfernt: Das relative Delta ist %2, üblich sind wenige Prozent. Je weiter ein Modell entfernt ist, desto seltener gelingt eine Zusammenführung; ein kleines Gewicht geben oder weglassen.</translation>
    </message>
    <message>
        <source>%1 moved further from the base than most fine-tunes: its relative delta is %2. Try a small weight first.</source>
        <translation>%1 hat sich weiter vom Basismodell entfernt als die meisten: Das relative Delta ist %2. Zuerst ein kleines Gewicht versuchen.</translation>
    </message>
    <message>
        <source>The embedding of %1 moved %2 times as far as its layers (relative delta %3 against %4): tokens mean something else there. Merge it apart, or keep the base&apos;s.</source>
        <translation>Die Einbettung von %1 hat sich %2-mal so weit bewegt wie die Schichten (relatives Delta %3 gegen %4): Tokens bedeuten dort anderes. Getrennt zusammenführen oder die des Basismodells behalten.</translation>
    </message>
    <message>
        <source>The head of %1 moved %2 times as far as its layers (relative delta %3 against %4). Merge it apart, or keep the base&apos;s.</source>
        <translation>Der Kopf von %1 hat sich %2-mal so weit bewegt wie die Schichten (relatives Delta %3 gegen %4). Getrennt zusammenführen oder den des Basismodells behalten.</translation>
    </message>
    <message>
        <source>The changes of %1 are spread over most entries: the largest fifth holds %2 of the squared change. Trimming to a density of 0.2 takes the rest away; keep the density high.</source>
        <translation>Die Änderungen von %1 verteilen sich auf die meisten Einträge: Das größte Fünftel enthält %2 der quadrierten Änderung. Kürzen auf eine Dichte von 0,2 nimmt den Rest weg; die Dichte hoch halten.</translation>
    </message>
    <message>
        <source>The changes of %1 sit in few entries: the largest fifth holds %2 of the squared change, and trimming does no harm.</source>
        <translation>Die Änderungen von %1 stecken in wenigen Einträgen: Das größte Fünftel enthält %2 der quadrierten Änderung, und Kürzen schadet nicht.</translation>
    </message>
    <message>
        <source>In %1, these layers are as in the base: %2.</source>
        <translation>In %1 gleichen diese Schichten dem Basismodell: %2.</translation>
    </message>
    <message>
        <source>%1 moved most in layer %2 (relative delta %3) and least in layer %4 (%5).</source>
        <translation>%1 hat sich am meisten in Schicht %2 bewegt (relatives Delta %3), am wenigsten in Schicht %4 (%5).</translation>
    </message>
    <message>
        <source>%1 changed %2 times as much as %3 (‖Δ‖ %4 against %5): with equal weights it decides. Give %3 the larger weight.</source>
        <translation>%1 hat sich %2-mal so stark verändert wie %3 (‖Δ‖ %4 gegen %5): Bei gleichen Gewichten entscheidet es. %3 das größere Gewicht geben.</translation>
    </message>
    <message>
        <source>%1 and %2 are the same model: together they only count double.</source>
        <translation>%1 und %2 sind dasselbe Modell: Zusammen zählen sie nur doppelt.</translation>
    </message>
    <message>
        <source>%1 and %2 are nearly the same: they differ by %3 of their change.</source>
        <translation>%1 und %2 sind fast gleich: Sie unterscheiden sich um %3 ihrer Änderung.</translation>
    </message>
    <message>
        <source>The changes of %1 and %2 work against each other: their cosine is %3, and %4 of the change has opposite signs. A method that elects signs (TIES) loses less than a plain sum.</source>
        <translation>Die Änderungen von %1 und %2 arbeiten gegeneinander: Ihr Kosinus ist %3, und %4 der Änderung haben entgegengesetzte Vorzeichen. Eine Methode, die Vorzeichen wählt (TIES), verliert weniger als eine Summe.</translation>
    </message>
    <message>
        <source>The changes of %1 and %2 work against each other in some layers (%3; cosine down to %4, up to %5 of the change with opposite signs), though not as a whole.</source>
        <translation>Die Änderungen von %1 und %2 arbeiten in einigen Schichten gegeneinander (%3; Kosinus bis %4, bis zu %5 der Änderung mit entgegengesetzten Vorzeichen), im Ganzen aber nicht.</translation>
    </message>
    <message>
        <source>The changes of %1 and %2 are unrelated (cosine %3): a mean halves both, a sum of task vectors keeps them.</source>
        <translation>Die Änderungen von %1 und %2 hängen nicht zusammen (Kosinus %3): Ein Mittel halbiert beide, eine Summe von Aufgabenvektoren erhält sie.</translation>
    </message>
</context>
<context>
    <name>AmountText</name>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>kB</source>
        <translation>kB</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>GB</source>
        <translation>GB</translation>
    </message>
    <message>
        <source>TB</source>
        <translation>TB</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>number, unit</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1 of %2 %3</source>
        <comment>done, total, unit</comment>
        <translation>%1 von %2 %3</translation>
    </message>
    <message>
        <source>%1/s</source>
        <comment>amount per second</comment>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
</context>
<context>
    <name>AuditText</name>
    <message numerus="yes">
        <source>%n tensor(s) look odd</source>
        <translation>
            <numerusform>%n Tensor auffällig</numerusform>
            <numerusform>%n Tensoren auffällig</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n remark(s) on the sources</source>
        <translation>
            <numerusform>%n Hinweis zu den Quellen</numerusform>
            <numerusform>%n Hinweise zu den Quellen</numerusform>
        </translation>
    </message>
    <message>
        <source>no NaN, no overflow</source>
        <translation>kein NaN, kein Überlauf</translation>
    </message>
    <message>
        <source>NaN in the inputs</source>
        <translation>NaN in den Quellen</translation>
    </message>
    <message>
        <source>Infinite in the inputs</source>
        <translation>Unendlich in den Quellen</translation>
    </message>
    <message>
        <source>NaN in the result</source>
        <translation>NaN im Ergebnis</translation>
    </message>
    <message>
        <source>Infinite in the result</source>
        <translation>Unendlich im Ergebnis</translation>
    </message>
    <message>
        <source>NaN or infinite by the merge alone</source>
        <translation>Erst beim Zusammenführen NaN oder unendlich</translation>
    </message>
    <message>
        <source>Too large for the output precision</source>
        <translation>Zu groß für die Ausgabegenauigkeit</translation>
    </message>
    <message>
        <source>Tensors with an unusual norm</source>
        <translation>Tensoren mit ungewöhnlicher Norm</translation>
    </message>
    <message>
        <source>%1 NaN in the inputs</source>
        <translation>%1 NaN in den Quellen</translation>
    </message>
    <message>
        <source>%1 infinite in the inputs</source>
        <translation>%1 unendlich in den Quellen</translation>
    </message>
    <message>
        <source>%1 NaN in the result</source>
        <translation>%1 NaN im Ergebnis</translation>
    </message>
    <message>
        <source>%1 infinite in the result</source>
        <translation>%1 unendlich im Ergebnis</translation>
    </message>
    <message>
        <source>%1 too large for the output precision</source>
        <translation>%1 zu groß für die Ausgabegenauigkeit</translation>
    </message>
    <message>
        <source>norm %1 times that of the nearest input</source>
        <translation>Norm beim %1-Fachen der nächsten Quelle</translation>
    </message>
    <message numerus="yes">
        <source>%n more tensor(s) are not listed.</source>
        <translation>
            <numerusform>%n weiterer Tensor ist nicht aufgeführt.</numerusform>
            <numerusform>%n weitere Tensoren sind nicht aufgeführt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n Tensor</numerusform>
            <numerusform>%n Tensoren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n kept from the interrupted merge</source>
        <translation>
            <numerusform>%n aus der unterbrochenen Zusammenführung behalten</numerusform>
            <numerusform>%n aus der unterbrochenen Zusammenführung behalten</numerusform>
        </translation>
    </message>
    <message>
        <source>Audit of %1</source>
        <comment>folder</comment>
        <translation>Prüfung von %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>label, figure</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>ChartBuilder</name>
    <message>
        <source>emb</source>
        <translation>emb</translation>
    </message>
    <message>
        <source>norm</source>
        <translation>Norm</translation>
    </message>
    <message>
        <source>head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>The modules of this recipe are merged each on its own. Their curves are not drawn here; edit them in the text.</source>
        <translation>Die Module dieses Rezepts werden je für sich zusammengeführt. Ihre Kurven werden hier nicht gezeichnet; sie lassen sich im Text bearbeiten.</translation>
    </message>
    <message>
        <source>This recipe stacks several slices, and each has curves of its own. They are not drawn here; edit them in the text.</source>
        <translation>Dieses Rezept stapelt mehrere Slices, und jeder hat eigene Kurven. Sie werden hier nicht gezeichnet; sie lassen sich im Text bearbeiten.</translation>
    </message>
    <message>
        <source>The last document merges results of the others. Its curves are not drawn here; edit them in the text.</source>
        <translation>Das letzte Dokument führt Ergebnisse der anderen zusammen. Seine Kurven werden hier nicht gezeichnet; sie lassen sich im Text bearbeiten.</translation>
    </message>
    <message>
        <source>%1 has no parameter that changes over the layers.</source>
        <translation>%1 hat keinen Parameter, der sich über die Schichten ändert.</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>relative delta</source>
        <translation>relatives Delta</translation>
    </message>
    <message>
        <source>‖Δ‖ / ‖W‖: the length of the change against that of the base</source>
        <translation>‖Δ‖ / ‖W‖: die Länge der Änderung im Verhältnis zu der des Basismodells</translation>
    </message>
    <message>
        <source>‖Δ‖</source>
        <translation>‖Δ‖</translation>
    </message>
    <message>
        <source>Length of the change: the root of the sum of its squares</source>
        <translation>Länge der Änderung: Wurzel aus der Summe ihrer Quadrate</translation>
    </message>
    <message>
        <source>RMS of Δ</source>
        <translation>RMS von Δ</translation>
    </message>
    <message>
        <source>Root of the mean square of the change: its size per entry</source>
        <translation>Wurzel aus dem mittleren Quadrat der Änderung: ihre Größe je Eintrag</translation>
    </message>
    <message>
        <source>max |Δ|</source>
        <translation>max |Δ|</translation>
    </message>
    <message>
        <source>The greatest change of one entry</source>
        <translation>Die größte Änderung eines Eintrags</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>unverändert</translation>
    </message>
    <message>
        <source>Share of entries whose change is exactly 0</source>
        <translation>Anteil der Einträge, deren Änderung genau 0 ist</translation>
    </message>
    <message>
        <source>top 1 %</source>
        <translation>oberste 1 %</translation>
    </message>
    <message>
        <source>Share of ‖Δ‖² that the 1 % of entries with the greatest change hold</source>
        <translation>Anteil an ‖Δ‖², den die 1 % der Einträge mit der größten Änderung tragen</translation>
    </message>
    <message>
        <source>top 5 %</source>
        <translation>oberste 5 %</translation>
    </message>
    <message>
        <source>Share of ‖Δ‖² that the 5 % of entries with the greatest change hold</source>
        <translation>Anteil an ‖Δ‖², den die 5 % der Einträge mit der größten Änderung tragen</translation>
    </message>
    <message>
        <source>top 20 %</source>
        <translation>oberste 20 %</translation>
    </message>
    <message>
        <source>Share of ‖Δ‖² that the 20 % of entries with the greatest change hold</source>
        <translation>Anteil an ‖Δ‖², den die 20 % der Einträge mit der größten Änderung tragen</translation>
    </message>
    <message>
        <source>stable rank</source>
        <translation>stabiler Rang</translation>
    </message>
    <message>
        <source>‖Δ‖²_F / ‖Δ‖²₂: in how many directions the change goes</source>
        <translation>‖Δ‖²_F / ‖Δ‖²₂: in wie viele Richtungen die Änderung geht</translation>
    </message>
    <message>
        <source>cosine of deltas</source>
        <translation>Kosinus der Deltas</translation>
    </message>
    <message>
        <source>Angle between the changes of two models: 1 the same direction, 0 none of the other, −1 opposite</source>
        <translation>Winkel zwischen den Änderungen zweier Modelle: 1 gleiche Richtung, 0 nichts gemeinsam, −1 entgegengesetzt</translation>
    </message>
    <message>
        <source>sign conflict</source>
        <translation>Vorzeichenkonflikt</translation>
    </message>
    <message>
        <source>Among entries that both models changed, the share with opposite signs</source>
        <translation>Anteil entgegengesetzter Vorzeichen unter den Einträgen, die beide Modelle geändert haben</translation>
    </message>
    <message>
        <source>weighted sign conflict</source>
        <translation>gewichteter Vorzeichenkonflikt</translation>
    </message>
    <message>
        <source>Sign conflict, each entry counted by the smaller of the two changes</source>
        <translation>Vorzeichenkonflikt, jeder Eintrag mit der kleineren der beiden Änderungen gezählt</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a figure and the models it is of</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <comment>per cent</comment>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>HeatGrid</name>
    <message>
        <source>layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message>
        <source>emb</source>
        <translation>emb</translation>
    </message>
    <message>
        <source>norm</source>
        <translation>Norm</translation>
    </message>
    <message>
        <source>head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>noch nicht gemessen</translation>
    </message>
    <message>
        <source>no such tensor</source>
        <translation>kein solcher Tensor</translation>
    </message>
    <message>
        <source>the tensor is missing or has another shape</source>
        <translation>der Tensor fehlt oder hat eine andere Form</translation>
    </message>
    <message>
        <source>tied to the embedding</source>
        <translation>gekoppelt an die Einbettung</translation>
    </message>
    <message>
        <source>only a matrix that changed has a stable rank</source>
        <translation>nur eine geänderte Matrix hat einen stabilen Rang</translation>
    </message>
    <message>
        <source>not defined: one of the models changed nothing here</source>
        <translation>nicht definiert: eines der Modelle hat hier nichts geändert</translation>
    </message>
</context>
<context>
    <name>MethodBox</name>
    <message>
        <source>Averages</source>
        <translation>Mittelwerte</translation>
    </message>
    <message>
        <source>Spherical</source>
        <translation>Sphärisch</translation>
    </message>
    <message>
        <source>Task vectors</source>
        <translation>Task-Vektoren</translation>
    </message>
    <message>
        <source>Sparse task vectors</source>
        <translation>Ausgedünnte Task-Vektoren</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>Weitere</translation>
    </message>
</context>
<context>
    <name>Methods</name>
    <message>
        <source>How much of the model goes into the merge.</source>
        <translation>Wie stark das Modell in die Zusammenführung eingeht.</translation>
    </message>
    <message>
        <source>How much of the model&apos;s change against the base is added.</source>
        <translation>Wie stark die Änderung des Modells gegenüber der Basis eingeht.</translation>
    </message>
    <message>
        <source>Merge weight</source>
        <translation>Merge-Gewicht</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>Dichte</translation>
    </message>
    <message>
        <source>Lambda</source>
        <translation>Lambda</translation>
    </message>
    <message>
        <source>Scales the merged change before it is added to the base.</source>
        <translation>Skaliert die zusammengeführte Änderung, bevor sie zur Basis addiert wird.</translation>
    </message>
    <message>
        <source>Normalize</source>
        <translation>Normalisieren</translation>
    </message>
    <message>
        <source>Rescale</source>
        <translation>Neu skalieren</translation>
    </message>
    <message>
        <source>Scales the entries that are kept so that their magnitudes sum to what all entries had.</source>
        <translation>Skaliert die behaltenen Einträge so, dass die Summe ihrer Beträge der Summe über alle Einträge entspricht.</translation>
    </message>
    <message>
        <source>Int8 mask</source>
        <translation>Int8-Maske</translation>
    </message>
    <message>
        <source>Saves memory in mergekit; accepted here without effect.</source>
        <translation>Spart in mergekit Speicher; wird hier akzeptiert, hat aber keine Wirkung.</translation>
    </message>
    <message>
        <source>Linear (LERP)</source>
        <translation>Linear (LERP)</translation>
    </message>
    <message>
        <source>Weighted average of whole models.</source>
        <translation>Gewichteter Mittelwert ganzer Modelle.</translation>
    </message>
    <message>
        <source>Divides by the sum of the merge weights.</source>
        <translation>Teilt durch die Summe der Merge-Gewichte.</translation>
    </message>
    <message>
        <source>SLERP</source>
        <translation>SLERP</translation>
    </message>
    <message>
        <source>Moves from the base to one other model along the arc between them, tensor by tensor.</source>
        <translation>Geht Tensor für Tensor auf dem Bogen von der Basis zu einem anderen Modell.</translation>
    </message>
    <message>
        <source>Position t</source>
        <translation>Position t</translation>
    </message>
    <message>
        <source>0 is the base model, 1 the other model.</source>
        <translation>0 ist das Basismodell, 1 das andere Modell.</translation>
    </message>
    <message>
        <source>Task arithmetic</source>
        <translation>Task-Arithmetik</translation>
    </message>
    <message>
        <source>Adds the weighted changes of the models to the base.</source>
        <translation>Addiert die gewichteten Änderungen der Modelle zur Basis.</translation>
    </message>
    <message>
        <source>Belongs to the sparsifying methods; accepted here without effect, as in mergekit.</source>
        <translation>Gehört zu den ausdünnenden Methoden; wird hier wie in mergekit akzeptiert, hat aber keine Wirkung.</translation>
    </message>
    <message>
        <source>Divides each entry by the sum of the merge weights that were kept there.</source>
        <translation>Teilt jeden Eintrag durch die Summe der Merge-Gewichte, die dort erhalten blieben.</translation>
    </message>
    <message>
        <source>TIES</source>
        <translation>TIES</translation>
    </message>
    <message>
        <source>Keeps the largest changes of each model, elects a sign per entry and adds the changes that agree with it.</source>
        <translation>Behält die größten Änderungen jedes Modells, wählt je Eintrag ein Vorzeichen und addiert die Änderungen, die damit übereinstimmen.</translation>
    </message>
    <message>
        <source>Share of each tensor&apos;s changes that is kept, the largest ones first.</source>
        <translation>Anteil der Änderungen jedes Tensors, der erhalten bleibt, die größten zuerst.</translation>
    </message>
    <message>
        <source>DARE</source>
        <translation>DARE</translation>
    </message>
    <message>
        <source>Keeps a random share of each model&apos;s changes, rescales them and adds them to the base.</source>
        <translation>Behält einen zufälligen Anteil der Änderungen jedes Modells, skaliert ihn neu und addiert ihn zur Basis.</translation>
    </message>
    <message>
        <source>Probability that an entry&apos;s change is kept.</source>
        <translation>Wahrscheinlichkeit, mit der die Änderung eines Eintrags erhalten bleibt.</translation>
    </message>
    <message>
        <source>DARE + TIES</source>
        <translation>DARE + TIES</translation>
    </message>
    <message>
        <source>Keeps a random share of each model&apos;s changes, then elects a sign per entry as TIES does.</source>
        <translation>Behält einen zufälligen Anteil der Änderungen jedes Modells und wählt dann wie TIES je Eintrag ein Vorzeichen.</translation>
    </message>
    <message>
        <source>Passthrough</source>
        <translation>Passthrough</translation>
    </message>
    <message>
        <source>Copies layers as they are; with slices it stacks layers of several models.</source>
        <translation>Kopiert Schichten unverändert; mit Slices werden Schichten mehrerer Modelle gestapelt.</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Skalierung</translation>
    </message>
    <message>
        <source>Factor on the copied tensor.</source>
        <translation>Faktor für den kopierten Tensor.</translation>
    </message>
    <message>
        <source>NuSLERP</source>
        <translation>NuSLERP</translation>
    </message>
    <message>
        <source>Moves between two models along the arc between them, or between their changes against a base, which are added to it.</source>
        <translation>Geht auf dem Bogen zwischen zwei Modellen, oder zwischen ihren Änderungen gegenüber einer Basis, zu der sie addiert werden.</translation>
    </message>
    <message>
        <source>The second weight&apos;s share of the sum is the position between the two models.</source>
        <translation>Der Anteil des zweiten Gewichts an der Summe ist die Stelle zwischen den beiden Modellen.</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>Als ein Vektor</translation>
    </message>
    <message>
        <source>Takes each tensor as one vector; otherwise its rows or columns move one by one.</source>
        <translation>Behandelt jeden Tensor als einen Vektor; sonst gehen seine Zeilen oder Spalten einzeln.</translation>
    </message>
    <message>
        <source>Along the first axis</source>
        <translation>Entlang der ersten Achse</translation>
    </message>
    <message>
        <source>Without flattening: the vectors lie along the first axis instead of the last.</source>
        <translation>Wenn nicht als ein Vektor: Die Vektoren liegen entlang der ersten statt der letzten Achse.</translation>
    </message>
    <message>
        <source>Multi-SLERP</source>
        <translation>Multi-SLERP</translation>
    </message>
    <message>
        <source>Averages directions and lengths of any number of models apart, or of their changes against a base.</source>
        <translation>Mittelt Richtungen und Längen beliebig vieler Modelle getrennt, oder die ihrer Änderungen gegenüber einer Basis.</translation>
    </message>
    <message>
        <source>Normalize weights</source>
        <translation>Gewichte normalisieren</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>Epsilon</translation>
    </message>
    <message>
        <source>Added to the norms so that zero vectors can be divided by them.</source>
        <translation>Wird zu den Normen addiert, damit sich auch Nullvektoren durch sie teilen lassen.</translation>
    </message>
    <message>
        <source>Karcher mean</source>
        <translation>Karcher-Mittel</translation>
    </message>
    <message>
        <source>The direction with the smallest sum of squared angles to all models, with the mean of their lengths.</source>
        <translation>Die Richtung mit der kleinsten Summe quadrierter Winkel zu allen Modellen, mit dem Mittel ihrer Längen.</translation>
    </message>
    <message>
        <source>Most iterations</source>
        <translation>Höchstzahl der Schritte</translation>
    </message>
    <message>
        <source>The search ends after so many steps.</source>
        <translation>Nach so vielen Schritten endet die Suche.</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>Toleranz</translation>
    </message>
    <message>
        <source>The search ends when a step turns the direction by less, in radians.</source>
        <translation>Die Suche endet, wenn ein Schritt die Richtung um weniger dreht, in Radiant.</translation>
    </message>
    <message>
        <source>Model Stock</source>
        <translation>Model Stock</translation>
    </message>
    <message>
        <source>Moves from the base towards the models&apos; mean, the further the better their changes agree.</source>
        <translation>Geht von der Basis zum Mittel der Modelle, umso weiter, je besser ihre Änderungen übereinstimmen.</translation>
    </message>
    <message>
        <source>Row by row</source>
        <translation>Zeile für Zeile</translation>
    </message>
    <message>
        <source>Measures the angle for each row of a tensor instead of the whole tensor.</source>
        <translation>Misst den Winkel für jede Zeile eines Tensors statt für den ganzen Tensor.</translation>
    </message>
    <message>
        <source>NearSwap</source>
        <translation>NearSwap</translation>
    </message>
    <message>
        <source>Takes over the other model&apos;s entries where they lie near the base&apos;s, and moves by t elsewhere.</source>
        <translation>Übernimmt die Einträge des anderen Modells, wo sie nahe bei denen der Basis liegen, und geht sonst um t auf sie zu.</translation>
    </message>
    <message>
        <source>Distance t</source>
        <translation>Abstand t</translation>
    </message>
    <message>
        <source>Entries that differ by less are swapped; the others move by so much towards the other model.</source>
        <translation>Einträge, die sich um weniger unterscheiden, werden getauscht; die übrigen gehen um so viel auf das andere Modell zu.</translation>
    </message>
    <message>
        <source>Arcee Fusion</source>
        <translation>Arcee Fusion</translation>
    </message>
    <message>
        <source>Takes over the other model&apos;s entries where their importance stands out from the tensor&apos;s.</source>
        <translation>Übernimmt die Einträge des anderen Modells, deren Wichtigkeit im Tensor heraussticht.</translation>
    </message>
    <message>
        <source>The probability rises with the rank of a change in its row, from density − epsilon to density + epsilon; both must lie between 0 and 1.</source>
        <translation>Die Wahrscheinlichkeit steigt mit dem Rang einer Änderung in ihrer Zeile, von Dichte − Epsilon bis Dichte + Epsilon; beide müssen zwischen 0 und 1 liegen.</translation>
    </message>
    <message>
        <source>Probability that a change in the middle of its row&apos;s ranks is kept.</source>
        <translation>Wahrscheinlichkeit, dass eine Änderung mittleren Rangs in ihrer Zeile erhalten bleibt.</translation>
    </message>
    <message>
        <source>DELLA + TIES</source>
        <translation>DELLA + TIES</translation>
    </message>
    <message>
        <source>DELLA</source>
        <translation>DELLA</translation>
    </message>
    <message>
        <source>Keeps changes at random, large ones of a row more often than small ones, then elects a sign per entry as TIES does.</source>
        <translation>Behält Änderungen zufällig, große einer Zeile öfter als kleine, und wählt dann wie TIES je Eintrag ein Vorzeichen.</translation>
    </message>
    <message>
        <source>Keeps changes at random, large ones of a row more often than small ones, and adds them to the base.</source>
        <translation>Behält Änderungen zufällig, große einer Zeile öfter als kleine, und addiert sie zur Basis.</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>Gamma</translation>
    </message>
    <message>
        <source>Share of each tensor&apos;s changes that is dropped as outliers, the largest ones first.</source>
        <translation>Anteil der Änderungen jedes Tensors, der als Ausreißer wegfällt, die größten zuerst.</translation>
    </message>
    <message>
        <source>Share of each tensor&apos;s changes that is kept.</source>
        <translation>Anteil der Änderungen jedes Tensors, der erhalten bleibt.</translation>
    </message>
    <message>
        <source>Model Breadcrumbs + TIES</source>
        <translation>Model Breadcrumbs + TIES</translation>
    </message>
    <message>
        <source>Model Breadcrumbs</source>
        <translation>Model Breadcrumbs</translation>
    </message>
    <message>
        <source>Drops the largest and the smallest changes of each model, then elects a sign per entry as TIES does.</source>
        <translation>Verwirft die größten und die kleinsten Änderungen jedes Modells und wählt dann wie TIES je Eintrag ein Vorzeichen.</translation>
    </message>
    <message>
        <source>Drops the largest and the smallest changes of each model and adds the others to the base.</source>
        <translation>Verwirft die größten und die kleinsten Änderungen jedes Modells und addiert die übrigen zur Basis.</translation>
    </message>
    <message>
        <source>SCE</source>
        <translation>SCE</translation>
    </message>
    <message>
        <source>Selects the entries in which the models differ most, weighs each model by the size of its changes and erases minority signs.</source>
        <translation>Wählt die Einträge, in denen sich die Modelle am stärksten unterscheiden, gewichtet jedes Modell nach der Größe seiner Änderungen und löscht Vorzeichen der Minderheit.</translation>
    </message>
    <message>
        <source>Selected share</source>
        <translation>Gewählter Anteil</translation>
    </message>
    <message>
        <source>Share of the entries that is kept, those of the largest variance first.</source>
        <translation>Anteil der Einträge, der erhalten bleibt, die mit der größten Varianz zuerst.</translation>
    </message>
    <message>
        <source>RAM+ (tensor-local)</source>
        <translation>RAM+ (je Tensor)</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>RAM</translation>
    </message>
    <message>
        <source>As RAM, but strengthens the changes that one model makes alone.</source>
        <translation>Wie RAM, verstärkt aber die Änderungen, die ein Modell allein macht.</translation>
    </message>
    <message>
        <source>Adds a change in full where one model makes it alone, and the mean where several models do.</source>
        <translation>Addiert eine Änderung ganz, wo ein Modell sie allein macht, und das Mittel, wo mehrere es tun.</translation>
    </message>
    <message>
        <source>Rescaling r</source>
        <translation>Verstärkung r</translation>
    </message>
    <message>
        <source>How strongly a model&apos;s own changes grow with the share of its common ones.</source>
        <translation>Wie stark die eigenen Änderungen eines Modells mit dem Anteil der gemeinsamen wachsen.</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
    <message>
        <source>Upper limit of the ratio of common to own changes.</source>
        <translation>Obergrenze des Verhältnisses von gemeinsamen zu eigenen Änderungen.</translation>
    </message>
    <message>
        <source>Changes up to this magnitude count as none.</source>
        <translation>Änderungen bis zu diesem Betrag zählen als keine.</translation>
    </message>
</context>
<context>
    <name>ProblemText</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>line %1</source>
        <translation>Zeile %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n Schicht</numerusform>
            <numerusform>%n Schichten</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Advice</source>
        <translation>Rat</translation>
    </message>
    <message>
        <source>Strong warning</source>
        <translation>Dringende Warnung</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>Vorsicht</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Advice on models that are not in the merge</source>
        <translation>Rat zu Modellen, die nicht zusammengeführt werden</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>relative delta</source>
        <translation>relatives Delta</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>unverändert</translation>
    </message>
    <message>
        <source>top 20 %</source>
        <translation>oberste 20 %</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>pair</source>
        <translation>Paar</translation>
    </message>
    <message>
        <source>cosine of deltas</source>
        <translation>Kosinus der Deltas</translation>
    </message>
    <message>
        <source>sign conflict</source>
        <translation>Vorzeichenkonflikt</translation>
    </message>
    <message>
        <source>by magnitude</source>
        <translation>nach Betrag</translation>
    </message>
    <message>
        <source>%1 by layer</source>
        <translation>%1 nach Schicht</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>außen</translation>
    </message>
    <message>
        <source>Divergence</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>The %1 tensors that diverged most (relative delta)</source>
        <translation>Die %1 Tensoren mit den größten Unterschieden (relatives Delta)</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>XXH3-128 of the header</source>
        <translation>XXH3-128 des Kopfes</translation>
    </message>
    <message>
        <source>%1 (base)</source>
        <translation>%1 (Basis)</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>Divergence of models</source>
        <translation>Unterschiede von Modellen</translation>
    </message>
    <message>
        <source>Merge report</source>
        <translation>Bericht zur Zusammenführung</translation>
    </message>
    <message>
        <source>Base: %1</source>
        <translation>Basis: %1</translation>
    </message>
    <message>
        <source>the mean of the models</source>
        <translation>das Mittel der Modelle</translation>
    </message>
    <message>
        <source>Models: %1</source>
        <translation>Modelle: %1</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
</context>
<context>
    <name>TensorGroups</name>
    <message>
        <source>All tensors</source>
        <translation>Alle Tensoren</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>MLP</source>
        <translation>MLP</translation>
    </message>
    <message>
        <source>Norm</source>
        <translation>Norm</translation>
    </message>
</context>
<context>
    <name>layerloom::AdvicePanel</name>
    <message>
        <source>Strong warning</source>
        <translation>Dringende Warnung</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>Vorsicht</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>Rat</translation>
    </message>
    <message>
        <source>Where advice begins…</source>
        <translation>Ab wann geraten wird …</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) not in the merge: %1</source>
        <translation>
            <numerusform>%n Modell nicht in der Zusammenführung: %1</numerusform>
            <numerusform>%n Modelle nicht in der Zusammenführung: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, open</source>
        <translation>%1, aufgeklappt</translation>
    </message>
    <message>
        <source>%1, closed</source>
        <translation>%1, zugeklappt</translation>
    </message>
</context>
<context>
    <name>layerloom::AdviceSummary</name>
    <message numerus="yes">
        <source>%n strong warning(s)</source>
        <translation>
            <numerusform>%n dringende Warnung</numerusform>
            <numerusform>%n dringende Warnungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n Warnung</numerusform>
            <numerusform>%n Warnungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n caution(s)</source>
        <translation>
            <numerusform>%n-mal Vorsicht</numerusform>
            <numerusform>%n-mal Vorsicht</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n note(s)</source>
        <translation>
            <numerusform>%n Hinweis</numerusform>
            <numerusform>%n Hinweise</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::AuditDialog</name>
    <message>
        <source>Audit of %1</source>
        <comment>merged model</comment>
        <translation>Prüfung von %1</translation>
    </message>
    <message>
        <source>Tensors that look odd</source>
        <translation>Auffällige Tensoren</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>layerloom::BudgetBar</name>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation>Speicherspitze</translation>
    </message>
    <message>
        <source>Free disk</source>
        <translation>Platte frei</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>about %1</source>
        <comment>time</comment>
        <translation>etwa %1</translation>
    </message>
    <message>
        <source>disk: %1 short</source>
        <translation>Platte: %1 zu wenig</translation>
    </message>
    <message>
        <source>memory: %1 short</source>
        <translation>Arbeitsspeicher: %1 zu wenig</translation>
    </message>
    <message>
        <source>Run the merge</source>
        <translation>Zusammenführung starten</translation>
    </message>
</context>
<context>
    <name>layerloom::BudgetItem</name>
    <message>
        <source>%1: %2</source>
        <comment>label, value</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>layerloom::ColourLegend</name>
    <message>
        <source>Colours from %1 to %2</source>
        <translation>Farben von %1 bis %2</translation>
    </message>
    <message>
        <source>Values beyond the triangle have the colour of the end.</source>
        <translation>Werte jenseits des Dreiecks haben die Farbe des Endes.</translation>
    </message>
</context>
<context>
    <name>layerloom::CurveToolBar</name>
    <message>
        <source>Parameter</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Parameter that the curves show</source>
        <translation>Parameter, den die Kurven zeigen</translation>
    </message>
    <message>
        <source>Tensor group</source>
        <translation>Tensorgruppe</translation>
    </message>
    <message>
        <source>Select points (V)</source>
        <translation>Punkte auswählen (V)</translation>
    </message>
    <message>
        <source>Add and move points (P)</source>
        <translation>Punkte hinzufügen und verschieben (P)</translation>
    </message>
    <message>
        <source>Draw freehand (D)</source>
        <translation>Freihand zeichnen (D)</translation>
    </message>
    <message>
        <source>Draw a line (L)</source>
        <translation>Linie zeichnen (L)</translation>
    </message>
    <message>
        <source>Raise or lower an area (B)</source>
        <translation>Bereich anheben oder absenken (B)</translation>
    </message>
    <message>
        <source>Erase to neutral (X)</source>
        <translation>Auf neutral radieren (X)</translation>
    </message>
    <message>
        <source>Step: keep each value up to the next point</source>
        <translation>Stufe: jeden Wert bis zum nächsten Punkt halten</translation>
    </message>
    <message>
        <source>Linear: straight between points</source>
        <translation>Linear: gerade zwischen den Punkten</translation>
    </message>
    <message>
        <source>Smooth: never beyond the points</source>
        <translation>Glatt: nie über die Punkte hinaus</translation>
    </message>
    <message>
        <source>Snap values to 0.05 (Alt while dragging: not)</source>
        <translation>Werte bei 0,05 einrasten (Alt beim Ziehen: nicht)</translation>
    </message>
    <message>
        <source>Show how far each model is from the base (E)</source>
        <translation>Zeigen, wie weit jedes Modell von der Basis entfernt ist (E)</translation>
    </message>
</context>
<context>
    <name>layerloom::CurveView</name>
    <message>
        <source>relative delta %1</source>
        <translation>relatives Delta %1</translation>
    </message>
    <message>
        <source>tied</source>
        <translation>gekoppelt</translation>
    </message>
    <message>
        <source>tied to %1</source>
        <translation>gekoppelt an %1</translation>
    </message>
    <message>
        <source>Layer %1, %2</source>
        <translation>Schicht %1, %2</translation>
    </message>
    <message>
        <source>Layer curves</source>
        <translation>Schichtkurven</translation>
    </message>
    <message>
        <source>Add a model to draw its weights.</source>
        <translation>Modell hinzufügen, um seine Gewichte zu zeichnen.</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 over %3 layers, points: %n.</source>
        <translation>
            <numerusform>%1 von %2 über %3 Schichten, Punkte: %n.</numerusform>
            <numerusform>%1 von %2 über %3 Schichten, Punkte: %n.</numerusform>
        </translation>
    </message>
    <message>
        <source>Layer %1: %2.</source>
        <translation>Schicht %1: %2.</translation>
    </message>
    <message>
        <source>%1
Tied: it has no tensor of its own.</source>
        <translation>%1
Gekoppelt: hat keinen eigenen Tensor.</translation>
    </message>
    <message>
        <source>%1
Set on its own.</source>
        <translation>%1
Eigens gesetzt.</translation>
    </message>
    <message>
        <source>%1
Follows layer 0. Drag its handle to set it apart.</source>
        <translation>%1
Folgt Schicht 0. Am Griff ziehen, um es eigens zu setzen.</translation>
    </message>
    <message>
        <source>Move point</source>
        <translation>Punkt verschieben</translation>
    </message>
    <message numerus="yes">
        <source>Move %n points</source>
        <translation>
            <numerusform>%n Punkt verschieben</numerusform>
            <numerusform>%n Punkte verschieben</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete point</source>
        <translation>Punkt löschen</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n points</source>
        <translation>
            <numerusform>%n Punkt löschen</numerusform>
            <numerusform>%n Punkte löschen</numerusform>
        </translation>
    </message>
    <message>
        <source>Change shape</source>
        <translation>Form ändern</translation>
    </message>
    <message>
        <source>Add point</source>
        <translation>Punkt hinzufügen</translation>
    </message>
    <message>
        <source>Link to layer 0</source>
        <translation>Mit Schicht 0 verknüpfen</translation>
    </message>
    <message>
        <source>Reset to neutral</source>
        <translation>Auf neutral zurücksetzen</translation>
    </message>
    <message>
        <source>Set value</source>
        <translation>Wert setzen</translation>
    </message>
    <message>
        <source>Unlink from layer 0</source>
        <translation>Von Schicht 0 lösen</translation>
    </message>
    <message>
        <source>Set constant</source>
        <translation>Konstant setzen</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Edit value…</source>
        <translation>Wert bearbeiten …</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Set constant…</source>
        <translation>Konstant setzen …</translation>
    </message>
    <message>
        <source>Select all points</source>
        <translation>Alle Punkte auswählen</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Glatt</translation>
    </message>
    <message>
        <source>Set %1</source>
        <translation>%1 setzen</translation>
    </message>
    <message>
        <source>Draw curve</source>
        <translation>Kurve zeichnen</translation>
    </message>
    <message>
        <source>Draw line</source>
        <translation>Linie zeichnen</translation>
    </message>
    <message>
        <source>Brush curve</source>
        <translation>Kurve mit Pinsel ändern</translation>
    </message>
    <message>
        <source>Erase to neutral</source>
        <translation>Auf neutral radieren</translation>
    </message>
    <message>
        <source>Drag a frame to select points, drag a point to move it</source>
        <translation>Rahmen ziehen: Punkte auswählen · Punkt ziehen: verschieben</translation>
    </message>
    <message>
        <source>Click adds a point · Ctrl+click keeps the curve · Delete removes · Enter types a value</source>
        <translation>Klick: Punkt hinzufügen · Strg+Klick: Punkt auf der Kurve · Entf: löschen · Eingabe: Wert eintippen</translation>
    </message>
    <message>
        <source>Drag to draw over the layers · Alt no snap · Esc back</source>
        <translation>Über die Schichten ziehen und zeichnen · Alt: kein Einrasten · Esc: zurück</translation>
    </message>
    <message>
        <source>Drag a line over the layers · Shift level · Esc back</source>
        <translation>Linie über die Schichten ziehen · Umschalt: waagerecht · Esc: zurück</translation>
    </message>
    <message>
        <source>Drag up or down · wheel sets the width · Esc back</source>
        <translation>Nach oben oder unten ziehen · Mausrad: Breite · Esc: zurück</translation>
    </message>
    <message>
        <source>Drag over layers to set them to %1</source>
        <translation>Über Schichten ziehen, um sie auf %1 zu setzen</translation>
    </message>
    <message>
        <source>Release to delete · move back to keep · Esc back</source>
        <translation>Loslassen: löschen · zurückbewegen: behalten · Esc: zurück</translation>
    </message>
    <message>
        <source>%1: layer %2 → %3, %4 → %5 · Shift one axis · Ctrl fine × 0.1 · Alt no snap · Esc back</source>
        <translation>%1: Schicht %2 → %3, %4 → %5 · Umschalt: eine Achse · Strg: fein × 0,1 · Alt: kein Einrasten · Esc: zurück</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>vorher %1</translation>
    </message>
    <message>
        <source>Δ %1</source>
        <translation>Δ %1</translation>
    </message>
    <message>
        <source>eff. %1</source>
        <translation>eff. %1</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message numerus="yes">
        <source>+ %n more</source>
        <translation>
            <numerusform>+ %n weiteres</numerusform>
            <numerusform>+ %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>Release to delete</source>
        <translation>Loslassen zum Löschen</translation>
    </message>
    <message>
        <source>preview: result from base · sampled</source>
        <translation>Vorschau: Ergebnis zum Basismodell · Stichprobe</translation>
    </message>
    <message>
        <source>preview: result from base</source>
        <translation>Vorschau: Ergebnis zum Basismodell</translation>
    </message>
</context>
<context>
    <name>layerloom::CurvesPanel</name>
    <message>
        <source>Click to add a point, drag to move it, Delete removes it. Double click types a value.</source>
        <translation>Klick: Punkt hinzufügen · Ziehen: verschieben · Entf: löschen · Doppelklick: Wert eintippen</translation>
    </message>
</context>
<context>
    <name>layerloom::DockTitle</name>
    <message>
        <source>Float</source>
        <translation>Abdocken</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>layerloom::Document</name>
    <message>
        <source>Edit text</source>
        <translation>Text bearbeiten</translation>
    </message>
    <message>
        <source>untitled</source>
        <translation>unbenannt</translation>
    </message>
</context>
<context>
    <name>layerloom::DropHint</name>
    <message>
        <source>Drop model folders or .safetensors files here</source>
        <translation>Modellordner oder .safetensors-Dateien hier ablegen</translation>
    </message>
</context>
<context>
    <name>layerloom::EvidencePanel</name>
    <message>
        <source>Add models to see how they differ.</source>
        <translation>Modelle hinzufügen, um zu sehen, wie sie sich unterscheiden.</translation>
    </message>
    <message>
        <source>Choose a base model to see what the model changed.</source>
        <translation>Basismodell wählen, um zu sehen, was das Modell geändert hat.</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Ranking</source>
        <translation>Rangliste</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>Größen</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>Paare</translation>
    </message>
    <message>
        <source>Pairs need two models.</source>
        <translation>Für Paare braucht es zwei Modelle.</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>Noch einmal messen</translation>
    </message>
    <message>
        <source>Show as a table</source>
        <translation>Als Tabelle zeigen</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>Als CSV exportieren …</translation>
    </message>
    <message>
        <source>Save as picture…</source>
        <translation>Als Bild speichern …</translation>
    </message>
    <message numerus="yes">
        <source>Measuring: %1 of %n tensor(s)</source>
        <translation>
            <numerusform>Messung: %1 von %n Tensor</numerusform>
            <numerusform>Messung: %1 von %n Tensoren</numerusform>
        </translation>
    </message>
    <message>
        <source>against the mean of the models</source>
        <translation>gegen den Mittelwert der Modelle</translation>
    </message>
    <message>
        <source>The recipe has no base model. So the changes are measured against the mean of the models.</source>
        <translation>Das Rezept hat kein Basismodell. Daher werden die Änderungen gegen den Mittelwert der Modelle gemessen.</translation>
    </message>
    <message>
        <source>against %1</source>
        <translation>gegen %1</translation>
    </message>
    <message numerus="yes">
        <source>%n note(s)</source>
        <translation>
            <numerusform>%n Hinweis</numerusform>
            <numerusform>%n Hinweise</numerusform>
        </translation>
    </message>
    <message>
        <source>This page has no table.</source>
        <translation>Diese Seite hat keine Tabelle.</translation>
    </message>
    <message>
        <source>This page has no picture.</source>
        <translation>Diese Seite hat kein Bild.</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Layerloom</source>
        <translation>Layerloom</translation>
    </message>
</context>
<context>
    <name>layerloom::EyeButton</name>
    <message>
        <source>Hide the curve</source>
        <translation>Kurve ausblenden</translation>
    </message>
    <message>
        <source>Show the curve</source>
        <translation>Kurve einblenden</translation>
    </message>
</context>
<context>
    <name>layerloom::FileActions</name>
    <message>
        <source>&amp;New recipe</source>
        <translation>&amp;Neues Rezept</translation>
    </message>
    <message>
        <source>&amp;Open recipe…</source>
        <translation>Rezept ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open the sa&amp;mples</source>
        <translation>Be&amp;ispiele öffnen</translation>
    </message>
    <message>
        <source>&amp;Add model folder…</source>
        <translation>&amp;Modellordner hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Speichern &amp;unter …</translation>
    </message>
    <message>
        <source>&amp;Export YAML for mergekit…</source>
        <translation>YAML für mergekit &amp;exportieren …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>The recipe has changes that are not saved.</source>
        <translation>Das Rezept enthält ungespeicherte Änderungen.</translation>
    </message>
    <message>
        <source>Save them?</source>
        <translation>Änderungen speichern?</translation>
    </message>
    <message>
        <source>The recipe cannot be opened.</source>
        <translation>Das Rezept kann nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>The samples are not there.</source>
        <translation>Die Beispiele fehlen.</translation>
    </message>
    <message>
        <source>Install Layerloom again: its share/layerloom/samples folder is missing.</source>
        <translation>Layerloom neu installieren: Der Ordner share/layerloom/samples fehlt.</translation>
    </message>
    <message>
        <source>Open recipe</source>
        <translation>Rezept öffnen</translation>
    </message>
    <message>
        <source>Recipes (*.yml *.yaml);;All files (*)</source>
        <translation>Rezepte (*.yml *.yaml);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Add model folder</source>
        <translation>Modellordner hinzufügen</translation>
    </message>
    <message>
        <source>Save recipe</source>
        <translation>Rezept speichern</translation>
    </message>
    <message>
        <source>Layerloom recipes (*.layerloom.yml)</source>
        <translation>Layerloom-Rezepte (*.layerloom.yml)</translation>
    </message>
    <message>
        <source>The recipe cannot be saved.</source>
        <translation>Das Rezept kann nicht gespeichert werden.</translation>
    </message>
    <message>
        <source>Export YAML for mergekit</source>
        <translation>YAML für mergekit exportieren</translation>
    </message>
    <message>
        <source>mergekit recipes (*.yml *.yaml)</source>
        <translation>mergekit-Rezepte (*.yml *.yaml)</translation>
    </message>
    <message>
        <source>The recipe cannot be exported.</source>
        <translation>Das Rezept kann nicht exportiert werden.</translation>
    </message>
    <message>
        <source>No recipes yet</source>
        <translation>Noch keine Rezepte</translation>
    </message>
    <message>
        <source>Layerloom</source>
        <translation>Layerloom</translation>
    </message>
    <message>
        <source>Export &amp;report…</source>
        <translation>Be&amp;richt exportieren …</translation>
    </message>
    <message>
        <source>Export report</source>
        <translation>Bericht exportieren</translation>
    </message>
    <message>
        <source>Web page (*.html);;PDF (*.pdf)</source>
        <translation>Webseite (*.html);;PDF (*.pdf)</translation>
    </message>
    <message>
        <source>The report cannot be written.</source>
        <translation>Der Bericht lässt sich nicht schreiben.</translation>
    </message>
</context>
<context>
    <name>layerloom::FormRow</name>
    <message>
        <source>changed from the standard</source>
        <translation>weicht vom Standard ab</translation>
    </message>
</context>
<context>
    <name>layerloom::HeatMapView</name>
    <message>
        <source>Heat map</source>
        <translation>Heatmap</translation>
    </message>
</context>
<context>
    <name>layerloom::HeatModel</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weiterer</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::HeatPage</name>
    <message>
        <source>Figure</source>
        <translation>Kennzahl</translation>
    </message>
    <message>
        <source>Model or pair</source>
        <translation>Modell oder Paar</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>Logarithmic colours: equal ratios look equally far apart</source>
        <translation>Logarithmische Farben: gleiche Verhältnisse sehen gleich weit entfernt aus</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>Kappen</translation>
    </message>
    <message>
        <source>Give the outermost 2 % of the values the colour of the end, so that single outliers do not take all the colours</source>
        <translation>Den äußersten 2 % der Werte die Farbe des Endes geben, damit einzelne Ausreißer nicht alle Farben beanspruchen</translation>
    </message>
    <message>
        <source>Heat map as a table</source>
        <translation>Heatmap als Tabelle</translation>
    </message>
</context>
<context>
    <name>layerloom::HistogramView</name>
    <message>
        <source>Sizes of the changes</source>
        <translation>Größen der Änderungen</translation>
    </message>
    <message>
        <source>From %1 to %2</source>
        <translation>Von %1 bis %2</translation>
    </message>
    <message>
        <source>No entry changed</source>
        <translation>Kein Eintrag wurde geändert</translation>
    </message>
    <message>
        <source>|Δ| from %1 to %2</source>
        <translation>|Δ| von %1 bis %2</translation>
    </message>
</context>
<context>
    <name>layerloom::JobActions</name>
    <message>
        <source>The merge failed</source>
        <translation>Zusammenführung fehlgeschlagen</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>What the interrupted merge has finished is discarded.</source>
        <translation>Was die unterbrochene Zusammenführung fertiggestellt hat, wird verworfen.</translation>
    </message>
</context>
<context>
    <name>layerloom::JobRow</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>wird abgebrochen …</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n Tensor</numerusform>
            <numerusform>%n Tensoren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) in %1</source>
        <translation>
            <numerusform>%n Datei in %1</numerusform>
            <numerusform>%n Dateien in %1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1. %2</source>
        <comment>reason, remedy</comment>
        <translation>%1. %2</translation>
    </message>
    <message>
        <source>Nothing was written.</source>
        <translation>Es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>Cancel the merge</source>
        <translation>Zusammenführung abbrechen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>name of a job, state</comment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>method, state</comment>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Starts after the merge before it.</source>
        <translation>Startet nach der vorherigen Zusammenführung.</translation>
    </message>
    <message>
        <source>%1 left</source>
        <comment>time</comment>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>Merge all the same</source>
        <translation>Trotzdem zusammenführen</translation>
    </message>
    <message>
        <source>failed; what is finished is kept</source>
        <translation>fehlgeschlagen; Fertiges bleibt</translation>
    </message>
    <message>
        <source>What the interrupted merge has finished is kept.</source>
        <translation>Was die unterbrochene Zusammenführung fertiggestellt hat, bleibt erhalten.</translation>
    </message>
    <message>
        <source>Pause the merge</source>
        <translation>Zusammenführung anhalten</translation>
    </message>
    <message>
        <source>Audit…</source>
        <translation>Prüfung …</translation>
    </message>
    <message>
        <source>Continue the merge</source>
        <translation>Zusammenführung fortsetzen</translation>
    </message>
</context>
<context>
    <name>layerloom::JobsPanel</name>
    <message>
        <source>Clear finished jobs</source>
        <translation>Beendete Aufträge entfernen</translation>
    </message>
    <message>
        <source>Merges that you run appear here.</source>
        <translation>Gestartete Zusammenführungen erscheinen hier.</translation>
    </message>
</context>
<context>
    <name>layerloom::MainWindow</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>YAML</source>
        <translation>YAML</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>A&amp;usführen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About Layerloom</source>
        <translation>Ü&amp;ber Layerloom</translation>
    </message>
    <message>
        <source>About Layerloom</source>
        <translation>Über Layerloom</translation>
    </message>
    <message>
        <source>Layerloom %1

Visual merge design for fine-tuned language models.
GPL-3.0-or-later</source>
        <translation>Layerloom %1

Zusammenführungen feinabgestimmter Sprachmodelle visuell entwerfen.
GPL-3.0-or-later</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farbschema</translation>
    </message>
    <message>
        <source>&amp;System</source>
        <translation>&amp;System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>High contrast l&amp;ight</source>
        <translation>Hoher &amp;Kontrast, hell</translation>
    </message>
    <message>
        <source>High contrast d&amp;ark</source>
        <translation>Hoher Kontrast, d&amp;unkel</translation>
    </message>
    <message>
        <source>&amp;Merge…</source>
        <translation>&amp;Zusammenführen …</translation>
    </message>
    <message>
        <source>&amp;Cancel all merges</source>
        <translation>Alle Zusammenführungen &amp;abbrechen</translation>
    </message>
    <message>
        <source>Layerloom</source>
        <translation>Layerloom</translation>
    </message>
    <message numerus="yes">
        <source>No problems. %n tensor(s) will be written.</source>
        <translation>
            <numerusform>Keine Probleme. %n Tensor wird geschrieben.</numerusform>
            <numerusform>Keine Probleme. %n Tensoren werden geschrieben.</numerusform>
        </translation>
    </message>
    <message>
        <source>A merge is running</source>
        <translation>Eine Zusammenführung läuft</translation>
    </message>
    <message>
        <source>A merge is running. Cancel it and close the window?</source>
        <translation>Eine Zusammenführung läuft. Zusammenführung abbrechen und Fenster schließen?</translation>
    </message>
    <message>
        <source>Only model folders, .safetensors files and recipes can be dropped here</source>
        <translation>Hier lassen sich nur Modellordner, .safetensors-Dateien und Rezepte ablegen</translation>
    </message>
    <message>
        <source>Open the recipe</source>
        <translation>Rezept öffnen</translation>
    </message>
    <message numerus="yes">
        <source>Add %n model(s)</source>
        <translation>
            <numerusform>%n Modell hinzufügen</numerusform>
            <numerusform>%n Modelle hinzufügen</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Undo: %1</source>
        <translation>&amp;Rückgängig: %1</translation>
    </message>
    <message>
        <source>&amp;Redo: %1</source>
        <translation>&amp;Wiederholen: %1</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>Rat</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
</context>
<context>
    <name>layerloom::MergeDialog</name>
    <message>
        <source>Merge</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>Where should the merged model go?</source>
        <translation>Wohin soll das zusammengeführte Modell?</translation>
    </message>
    <message>
        <source>Replace the merged model that is there</source>
        <translation>Vorhandenes zusammengeführtes Modell ersetzen</translation>
    </message>
    <message>
        <source>Folder of the merged model</source>
        <translation>Ordner des zusammengeführten Modells</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen …</translation>
    </message>
    <message>
        <source>Folder that will hold the merged model</source>
        <translation>Ordner für das zusammengeführte Modell</translation>
    </message>
    <message>
        <source>The folder is made when the merge is complete; nothing half-done is left behind.</source>
        <translation>Der Ordner entsteht erst, wenn die Zusammenführung fertig ist; nichts Halbfertiges bleibt zurück.</translation>
    </message>
    <message>
        <source>Write the full path of a folder.</source>
        <translation>Vollständigen Pfad eines Ordners angeben.</translation>
    </message>
    <message>
        <source>This folder holds something else than a merged model. Name a new folder.</source>
        <translation>Dieser Ordner enthält etwas anderes als ein zusammengeführtes Modell. Neuen Ordner angeben.</translation>
    </message>
    <message>
        <source>A merge into this folder was interrupted. What it has finished is kept.</source>
        <translation>Eine Zusammenführung hierher wurde unterbrochen. Fertiges bleibt erhalten.</translation>
    </message>
    <message>
        <source>Continue that merge</source>
        <translation>Diese Zusammenführung fortsetzen</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>A merge into this folder is under way. Name another folder.</source>
        <translation>In diesen Ordner wird schon zusammengeführt. Anderen Ordner angeben.</translation>
    </message>
    <message>
        <source>It continues if recipe and models are the same as then; otherwise nothing is changed.</source>
        <translation>Fortgesetzt wird nur mit demselben Rezept und denselben Modellen; sonst ändert sich nichts.</translation>
    </message>
    <message>
        <source>What the interrupted merge has finished is discarded.</source>
        <translation>Was die unterbrochene Zusammenführung fertiggestellt hat, wird verworfen.</translation>
    </message>
</context>
<context>
    <name>layerloom::MergeQueue</name>
    <message>
        <source>The merge program %1 cannot be started</source>
        <translation>Das Merge-Programm %1 kann nicht gestartet werden.</translation>
    </message>
    <message>
        <source>Install Layerloom again</source>
        <translation>Layerloom neu installieren.</translation>
    </message>
    <message>
        <source>The merge program ended unexpectedly (status %1)</source>
        <translation>Das Merge-Programm wurde unerwartet beendet (Status %1).</translation>
    </message>
    <message>
        <source>Repair the model, or merge all the same: what is not finite spreads into the result</source>
        <translation>Modell reparieren oder trotzdem zusammenführen: Was nicht endlich ist, gerät ins Ergebnis</translation>
    </message>
    <message>
        <source>Merge with the same recipe and models as then, or start anew</source>
        <translation>Mit demselben Rezept und denselben Modellen zusammenführen wie damals oder neu beginnen</translation>
    </message>
    <message>
        <source>Continue it, or merge again and choose to start anew</source>
        <translation>Fortsetzen oder noch einmal zusammenführen und „Neu beginnen“ wählen</translation>
    </message>
    <message>
        <source>“Continue” goes on from there</source>
        <translation>„Fortsetzen“ macht dort weiter</translation>
    </message>
    <message>
        <source>What is finished is kept; “Continue” goes on from there</source>
        <translation>Fertiges bleibt erhalten; „Fortsetzen“ macht dort weiter</translation>
    </message>
</context>
<context>
    <name>layerloom::ModelCard</name>
    <message>
        <source>Add to merge</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>base model</source>
        <translation>Basismodell</translation>
    </message>
    <message>
        <source>not part of the merge</source>
        <translation>nicht Teil der Zusammenführung</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>ausgewählt</translation>
    </message>
    <message>
        <source>being read</source>
        <translation>wird gelesen</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>curve hidden</source>
        <translation>Kurve ausgeblendet</translation>
    </message>
    <message>
        <source>base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>Reading headers…</source>
        <translation>Header werden gelesen …</translation>
    </message>
</context>
<context>
    <name>layerloom::ModelsPanel</name>
    <message>
        <source>Open a model folder…</source>
        <translation>Modellordner öffnen …</translation>
    </message>
    <message>
        <source>Drop model folders or .safetensors here.</source>
        <translation>Modellordner oder .safetensors hier ablegen.</translation>
    </message>
    <message>
        <source>Open the samples</source>
        <translation>Beispiele öffnen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Use as base</source>
        <translation>Als Basis verwenden</translation>
    </message>
    <message>
        <source>Remove from merge</source>
        <translation>Aus Zusammenführung entfernen</translation>
    </message>
    <message>
        <source>Add to merge</source>
        <translation>In Zusammenführung aufnehmen</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>In Dateiverwaltung anzeigen</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
</context>
<context>
    <name>layerloom::NumberBox</name>
    <message>
        <source>required</source>
        <translation>erforderlich</translation>
    </message>
</context>
<context>
    <name>layerloom::PairsPage</name>
    <message>
        <source>How each two models lie to each other: %1</source>
        <translation>Wie je zwei Modelle zueinander liegen: %1</translation>
    </message>
</context>
<context>
    <name>layerloom::ParameterField</name>
    <message>
        <source>varies</source>
        <translation>variiert</translation>
    </message>
    <message>
        <source>Show the layer curve</source>
        <translation>Schichtkurve anzeigen</translation>
    </message>
</context>
<context>
    <name>layerloom::PreviewPanel</name>
    <message>
        <source>Part of the model</source>
        <translation>Teil des Modells</translation>
    </message>
    <message>
        <source>Merges these tensors for real, without writing a file, and shows what was measured beside the prediction</source>
        <translation>Führt diese Tensoren wirklich zusammen, ohne eine Datei zu schreiben, und zeigt das Gemessene neben der Vorhersage</translation>
    </message>
    <message>
        <source>Result against each model</source>
        <translation>Ergebnis gegen jedes Modell</translation>
    </message>
    <message>
        <source>Whole model</source>
        <translation>Ganzes Modell</translation>
    </message>
    <message>
        <source>Outside the layers</source>
        <translation>Außerhalb der Schichten</translation>
    </message>
    <message>
        <source>Layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message>
        <source>Measured: ‖result − base‖ %1</source>
        <translation>Gemessen: ‖Ergebnis − Basis‖ %1</translation>
    </message>
    <message>
        <source>Predicted: ‖result − base‖ %1</source>
        <translation>Vorhergesagt: ‖Ergebnis − Basis‖ %1</translation>
    </message>
    <message>
        <source>, %1 of ‖base‖</source>
        <translation>, %1 von ‖Basis‖</translation>
    </message>
    <message>
        <source>, %1 × the mean ‖Δ‖ of the models</source>
        <translation>, %1 × das mittlere ‖Δ‖ der Modelle</translation>
    </message>
    <message>
        <source>The dry run failed: %1</source>
        <translation>Die Probe ist fehlgeschlagen: %1</translation>
    </message>
    <message>
        <source>Compare with a real merge</source>
        <translation>Mit echter Probe vergleichen</translation>
    </message>
    <message>
        <source>Progress of the real merge</source>
        <translation>Fortschritt der Probe</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Choose a layer: it can be merged for real, without writing a file, to compare</source>
        <translation>Eine Schicht wählen: Sie lässt sich zum Vergleich wirklich zusammenführen, ohne eine Datei zu schreiben</translation>
    </message>
</context>
<context>
    <name>layerloom::PreviewStore</name>
    <message>
        <source>the recipe has problems</source>
        <translation>das Rezept hat Probleme</translation>
    </message>
</context>
<context>
    <name>layerloom::PreviewTable</name>
    <message>
        <source>%1 ± %2</source>
        <translation>%1 ± %2</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>gemessen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Factor of the model&apos;s change in the result, after normalisation</source>
        <translation>Faktor der Änderung des Modells im Ergebnis, nach der Normierung</translation>
    </message>
    <message>
        <source>Effective weight</source>
        <translation>Wirksames Gewicht</translation>
    </message>
    <message>
        <source>‖result − model‖</source>
        <translation>‖Ergebnis − Modell‖</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Cosine of the result&apos;s change and the model&apos;s, both against the base</source>
        <translation>Kosinus zwischen der Änderung des Ergebnisses und der des Modells, beide gegen das Basismodell</translation>
    </message>
    <message>
        <source>Cosine of deltas</source>
        <translation>Kosinus der Deltas</translation>
    </message>
    <message>
        <source>Share of the model&apos;s change that trimming leaves</source>
        <translation>Anteil der Änderung des Modells, den das Kürzen lässt</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Share of the entries at which signs conflict and this model&apos;s sign was chosen</source>
        <translation>Anteil der Einträge mit Vorzeichenkonflikt, bei denen das Vorzeichen dieses Modells gewählt wurde</translation>
    </message>
    <message>
        <source>Conflicts won</source>
        <translation>Konflikte gewonnen</translation>
    </message>
    <message>
        <source>Share of the entries at which signs conflict and another sign was chosen</source>
        <translation>Anteil der Einträge mit Vorzeichenkonflikt, bei denen das andere Vorzeichen gewählt wurde</translation>
    </message>
    <message>
        <source>Conflicts lost</source>
        <translation>Konflikte verloren</translation>
    </message>
</context>
<context>
    <name>layerloom::ProblemsPanel</name>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>layerloom::RankingModel</name>
    <message>
        <source>all tensors</source>
        <translation>alle Tensoren</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>Whole model</source>
        <translation>Ganzes Modell</translation>
    </message>
    <message>
        <source>elements</source>
        <translation>Elemente</translation>
    </message>
    <message>
        <source>greatest: relative delta</source>
        <translation>größtes: relatives Delta</translation>
    </message>
    <message>
        <source>greatest</source>
        <translation>größtes</translation>
    </message>
</context>
<context>
    <name>layerloom::RankingView</name>
    <message>
        <source>What is ranked</source>
        <translation>Was geordnet wird</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Kinds</source>
        <translation>Arten</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>Tensoren</translation>
    </message>
    <message>
        <source>Whole model</source>
        <translation>Ganzes Modell</translation>
    </message>
    <message>
        <source>Models of the columns</source>
        <translation>Modelle der Spalten</translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation>Nach Namen filtern</translation>
    </message>
    <message>
        <source>Ranking</source>
        <translation>Rangliste</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>Alle Modelle</translation>
    </message>
</context>
<context>
    <name>layerloom::RecipeForm</name>
    <message>
        <source>as the inputs</source>
        <translation>wie Eingaben</translation>
    </message>
    <message>
        <source>as computed</source>
        <translation>wie berechnet</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Basismodell</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>Berechnung</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>The model that the others are compared with</source>
        <translation>Modell, mit dem die anderen verglichen werden</translation>
    </message>
    <message>
        <source>Precision in which the merge is computed</source>
        <translation>Genauigkeit, in der die Zusammenführung berechnet wird</translation>
    </message>
    <message>
        <source>Precision in which the result is written</source>
        <translation>Genauigkeit, in der das Ergebnis geschrieben wird</translation>
    </message>
    <message>
        <source>This program does not know the method.</source>
        <translation>Dieses Programm kennt die Methode nicht.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>Optionen</translation>
    </message>
    <message numerus="yes">
        <source>The last of %n documents. The others are edited in the text.</source>
        <translation>
            <numerusform>Das einzige Dokument.</numerusform>
            <numerusform>Das letzte von %n Dokumenten. Die übrigen lassen sich im Text bearbeiten.</numerusform>
        </translation>
    </message>
    <message>
        <source>With a base model the changes against it are merged, without one the models themselves</source>
        <translation>Mit Basismodell werden die Änderungen gegenüber ihm zusammengeführt, ohne eines die Modelle selbst</translation>
    </message>
</context>
<context>
    <name>layerloom::ScopeBox</name>
    <message>
        <source>Tensors that count</source>
        <translation>Tensoren, die zählen</translation>
    </message>
    <message>
        <source>All tensors</source>
        <translation>Alle Tensoren</translation>
    </message>
    <message>
        <source>kind %1</source>
        <translation>Art %1</translation>
    </message>
</context>
<context>
    <name>layerloom::SizesPage</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>Logarithmic shares: few entries can be seen as well</source>
        <translation>Logarithmische Anteile: auch wenige Einträge sind zu sehen</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>Alle Modelle</translation>
    </message>
    <message>
        <source>Unchanged entries: %1</source>
        <translation>Unveränderte Einträge: %1</translation>
    </message>
    <message>
        <source>Share of entries by size of their change: %1</source>
        <translation>Anteil der Einträge nach Größe ihrer Änderung: %1</translation>
    </message>
</context>
<context>
    <name>layerloom::ThresholdDialog</name>
    <message>
        <source>Relative delta: caution from</source>
        <translation>Relatives Delta: Vorsicht ab</translation>
    </message>
    <message>
        <source>Fine-tunes usually stay within some per cent of their base.</source>
        <translation>Feinabstimmungen bleiben meist innerhalb weniger Prozent.</translation>
    </message>
    <message>
        <source>Relative delta: warning from</source>
        <translation>Relatives Delta: Warnung ab</translation>
    </message>
    <message>
        <source>So far from the base, averages of weights seldom work.</source>
        <translation>So weit entfernt gelingen Mittel von Gewichten selten.</translation>
    </message>
    <message>
        <source>Cosine of weights: other ancestor below</source>
        <translation>Kosinus der Gewichte: anderer Ursprung unter</translation>
    </message>
    <message>
        <source>Unrelated models have a cosine of about 0.</source>
        <translation>Nicht verwandte Modelle haben einen Kosinus um 0.</translation>
    </message>
    <message>
        <source>Cosine of deltas: caution up to</source>
        <translation>Kosinus der Deltas: Vorsicht bis</translation>
    </message>
    <message>
        <source>Unrelated changes have a cosine of about 0.</source>
        <translation>Unabhängige Änderungen haben einen Kosinus um 0.</translation>
    </message>
    <message>
        <source>Cosine of deltas: warning up to</source>
        <translation>Kosinus der Deltas: Warnung bis</translation>
    </message>
    <message>
        <source>A sum of such changes loses a good part of both.</source>
        <translation>Eine Summe solcher Änderungen verliert von beiden viel.</translation>
    </message>
    <message>
        <source>Sign conflict by magnitude: caution from</source>
        <translation>Vorzeichenkonflikt nach Betrag: Vorsicht ab</translation>
    </message>
    <message>
        <source>Unrelated changes have 0.5.</source>
        <translation>Unabhängige Änderungen haben 0,5.</translation>
    </message>
    <message>
        <source>Sign conflict by magnitude: warning from</source>
        <translation>Vorzeichenkonflikt nach Betrag: Warnung ab</translation>
    </message>
    <message>
        <source>Two thirds of the change cancel.</source>
        <translation>Zwei Drittel der Änderung heben sich auf.</translation>
    </message>
    <message>
        <source>Ratio of changes: caution from</source>
        <translation>Verhältnis der Änderungen: Vorsicht ab</translation>
    </message>
    <message>
        <source>At 3, the smaller has a tenth of the squared change.</source>
        <translation>Bei 3 hat das kleinere ein Zehntel der quadrierten Änderung.</translation>
    </message>
    <message>
        <source>Ratio of changes: warning from</source>
        <translation>Verhältnis der Änderungen: Warnung ab</translation>
    </message>
    <message>
        <source>At 8, the smaller is hardly heard.</source>
        <translation>Bei 8 kommt das kleinere kaum zu Wort.</translation>
    </message>
    <message>
        <source>Difference of models: nearly the same below</source>
        <translation>Unterschied der Modelle: fast gleich unter</translation>
    </message>
    <message>
        <source>As a share of their change.</source>
        <translation>Als Anteil ihrer Änderung.</translation>
    </message>
    <message>
        <source>Embedding or head against layers: caution from</source>
        <translation>Einbettung oder Kopf gegen Schichten: Vorsicht ab</translation>
    </message>
    <message>
        <source>Tokens have moved apart from the body.</source>
        <translation>Tokens haben sich vom Rumpf entfernt.</translation>
    </message>
    <message>
        <source>Part held by the largest fifth: dense below</source>
        <translation>Anteil des größten Fünftels: dicht unter</translation>
    </message>
    <message>
        <source>Normally distributed changes have 0.65.</source>
        <translation>Normalverteilte Änderungen haben 0,65.</translation>
    </message>
    <message>
        <source>Part held by the largest fifth: sparse from</source>
        <translation>Anteil des größten Fünftels: dünn ab</translation>
    </message>
    <message>
        <source>Trimming to a fifth then takes next to nothing.</source>
        <translation>Kürzen auf ein Fünftel nimmt dann fast nichts.</translation>
    </message>
    <message>
        <source>Cosine of deltas: unrelated up to</source>
        <translation>Kosinus der Deltas: unabhängig bis</translation>
    </message>
    <message>
        <source>In either direction.</source>
        <translation>In beiden Richtungen.</translation>
    </message>
    <message>
        <source>Where advice begins</source>
        <translation>Ab wann geraten wird</translation>
    </message>
</context>
<context>
    <name>layerloom::VocabularyRows</name>
    <message>
        <source>Tokenizer</source>
        <translation>Tokenizer</translation>
    </message>
    <message>
        <source>The vocabulary of the result. Embeddings are put into its order token by token.</source>
        <translation>Das Vokabular des Ergebnisses. Die Einbettungen werden Token für Token in seine Reihenfolge gebracht.</translation>
    </message>
    <message>
        <source>no padding</source>
        <translation>nicht auffüllen</translation>
    </message>
    <message>
        <source>Pad rows to</source>
        <translation>Auffüllen auf</translation>
    </message>
    <message>
        <source>Rows of the embeddings are filled up to a multiple of this number</source>
        <translation>Die Zeilen der Einbettungen werden auf ein Vielfaches dieser Zahl aufgefüllt</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Where the embeddings of single tokens come from. The rules stand in the text.</source>
        <translation>Woher die Einbettungen einzelner Tokens kommen. Die Regeln stehen im Text.</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>Chat-Vorlage</translation>
    </message>
    <message>
        <source>How the result&apos;s tokenizer writes a conversation</source>
        <translation>Wie der Tokenizer des Ergebnisses ein Gespräch schreibt</translation>
    </message>
    <message>
        <source>Show in the text</source>
        <translation>Im Text zeigen</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>unverändert</translation>
    </message>
    <message>
        <source>base model&apos;s</source>
        <translation>vom Basismodell</translation>
    </message>
    <message>
        <source>union of all</source>
        <translation>Vereinigung aller</translation>
    </message>
    <message>
        <source>most common one</source>
        <translation>häufigste</translation>
    </message>
    <message>
        <source>text of its own</source>
        <translation>eigener Text</translation>
    </message>
    <message numerus="yes">
        <source>%n token rule(s)</source>
        <translation>
            <numerusform>%n Token-Regel</numerusform>
            <numerusform>%n Token-Regeln</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerloom::Workspace</name>
    <message>
        <source>Add models to merge</source>
        <translation>Modelle zum Zusammenführen hinzufügen</translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s) in the recipe</source>
        <translation>
            <numerusform>%n Problem im Rezept</numerusform>
            <numerusform>%n Probleme im Rezept</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 · %n model(s) · %2</source>
        <translation>
            <numerusform>%1 · %n Modell · %2</numerusform>
            <numerusform>%1 · %n Modelle · %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n Tensor</numerusform>
            <numerusform>%n Tensoren</numerusform>
        </translation>
    </message>
    <message>
        <source>Change method</source>
        <translation>Methode ändern</translation>
    </message>
    <message>
        <source>Change base model</source>
        <translation>Basismodell ändern</translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation>%1 ändern</translation>
    </message>
    <message>
        <source>Change compute precision</source>
        <translation>Rechengenauigkeit ändern</translation>
    </message>
    <message>
        <source>Change output precision</source>
        <translation>Ausgabegenauigkeit ändern</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message numerus="yes">
        <source>Add %n model(s)</source>
        <translation>
            <numerusform>%n Modell hinzufügen</numerusform>
            <numerusform>%n Modelle hinzufügen</numerusform>
        </translation>
    </message>
    <message>
        <source>Add to merge</source>
        <translation>In Zusammenführung aufnehmen</translation>
    </message>
    <message>
        <source>Remove from merge</source>
        <translation>Aus Zusammenführung entfernen</translation>
    </message>
    <message>
        <source>Remove model</source>
        <translation>Modell entfernen</translation>
    </message>
    <message>
        <source>Change tokenizer</source>
        <translation>Tokenizer ändern</translation>
    </message>
    <message>
        <source>Change chat template</source>
        <translation>Chat-Vorlage ändern</translation>
    </message>
    <message>
        <source>result of “%1”</source>
        <translation>Ergebnis von „%1“</translation>
    </message>
    <message>
        <source>This recipe is made of slices or modules: add the model in the text, where it belongs.</source>
        <translation>Dieses Rezept besteht aus Slices oder Modulen: Das Modell im Text dort hinzufügen, wo es hingehört.</translation>
    </message>
    <message>
        <source>result %1 from base</source>
        <translation>Ergebnis %1 vom Basismodell</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>cosine %1</source>
        <translation>Kosinus %1</translation>
    </message>
    <message>
        <source>kept %1</source>
        <translation>behalten %1</translation>
    </message>
    <message>
        <source>The models are being measured.</source>
        <translation>Die Modelle werden vermessen.</translation>
    </message>
    <message>
        <source>Add a base model and models to merge, to see what the merge will make of them.</source>
        <translation>Ein Basismodell und Modelle hinzufügen, um zu sehen, was die Zusammenführung aus ihnen macht.</translation>
    </message>
    <message>
        <source>A recipe of several stages has no preview: its later stages merge models that do not exist yet.</source>
        <translation>Ein Rezept aus mehreren Stufen hat keine Vorschau: Spätere Stufen verwenden Modelle, die es noch nicht gibt.</translation>
    </message>
    <message>
        <source>The recipe has problems; without them there is a preview.</source>
        <translation>Das Rezept hat Probleme; ohne sie gibt es eine Vorschau.</translation>
    </message>
    <message>
        <source>Add a base model and models to merge, to see what their figures mean for a merge.</source>
        <translation>Ein Basismodell und Modelle hinzufügen, um zu sehen, was ihre Zahlen für eine Zusammenführung bedeuten.</translation>
    </message>
    <message>
        <source>The models are not measured yet.</source>
        <translation>Die Modelle sind noch nicht vermessen.</translation>
    </message>
    <message>
        <source>The models could not be measured: %1</source>
        <translation>Die Modelle ließen sich nicht vermessen: %1</translation>
    </message>
</context>
<context>
    <name>layerloom::YamlEditor</name>
    <message>
        <source>Copy the recipe</source>
        <translation>Rezept kopieren</translation>
    </message>
    <message>
        <source>Export the recipe…</source>
        <translation>Rezept exportieren …</translation>
    </message>
    <message>
        <source>Recipe as YAML</source>
        <translation>Rezept als YAML</translation>
    </message>
</context>
</TS>

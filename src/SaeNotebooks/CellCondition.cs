namespace SaeNotebooks;

/// <summary>What has to hold for some cells of a notebook to mean anything, such as that the model does what they look at. Made by
/// <see cref="Notebook.When"/>.</summary>
/// <param name="Holds">whether it does</param>
/// <param name="Otherwise">if it does not, why: a clause without a full stop</param>
public sealed record CellCondition(bool Holds, string Otherwise)
{
    /// <summary>Ends the cell with one line that says why, if the condition does not hold. Let every cell that needs it begin with this: cells can be
    /// run in any order, and each that cannot apply then says the same.</summary>
    /// <exception cref="CellSkippedException">it does not hold</exception>
    public void Require()
    {
        if (!Holds) throw new CellSkippedException(Otherwise);
    }

    /// <summary>A condition that needs this one and another thing; this one's reason comes first.</summary>
    /// <param name="holds">whether the other thing holds; not asked for if this condition does not</param>
    /// <param name="otherwise">why not</param>
    public CellCondition And(Func<bool> holds, string otherwise) => Holds ? new(holds(), otherwise) : this;
}

namespace SaeNotebooks.Tests;

/// <summary>What notebooks say about themselves.</summary>
public class NotebookTests
{
    [Fact]
    public void A_condition_that_does_not_hold_ends_the_cell_with_its_reason()
    {
        Notebook.When(true, "no").Require();
        Assert.Equal("Does not apply: gpt2 translates nothing.", Assert.Throws<CellSkippedException>(Notebook.When(false, "gpt2 translates nothing").Require).Message);
    }

    [Fact]
    public void Of_two_conditions_the_first_that_does_not_hold_speaks_and_the_rest_are_not_asked()
    {
        var first = Notebook.When(false, "first").And(() => throw new InvalidOperationException("asked"), "second");
        Assert.Equal((false, "first"), (first.Holds, first.Otherwise));
        var second = Notebook.When(true, "first").And(() => false, "second");
        Assert.Equal((false, "second"), (second.Holds, second.Otherwise));
        Assert.True(Notebook.When(true, "first").And(() => true, "second").Holds);
    }

    [Fact]
    public void Claims_that_do_not_hold_are_named_all()
    {
        var claims = new Claims(asWritten: true).Always("one is one", () => true).Always("one is two", () => false).AsWritten("two is three", () => false);
        Assert.Equal("2 of 3 claims do not hold: one is two; two is three.", Assert.Throws<InvalidOperationException>(claims.Check).Message);
        Assert.Equal("All 1 claims hold.", new Claims(asWritten: true).AsWritten("one is one", () => true).Check());
    }

    [Fact]
    public void Claims_about_other_parameters_or_other_models_are_not_evaluated_but_counted()
    {
        static bool Unasked() => throw new InvalidOperationException("asked");
        var claims = new Claims(asWritten: false).Always("one is one", () => true, when: new(true, "")).Always("it translates", Unasked, when: new(false, "it does not"))
            .AsWritten("the answer is French", Unasked);
        Assert.StartsWith("1 claims hold; 2 were not checked", claims.Check());
    }
}

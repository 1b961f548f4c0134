using SaeNotebooks.Figures;

namespace SaeNotebooks.Translation.Measures;

/// <summary>Intervals of estimates in charts.</summary>
public static class EstimateFigures
{
    /// <summary>The figure with each value's 95 % interval on one trace.</summary>
    /// <param name="figure">whose trace shows the estimates' values</param>
    /// <param name="trace">which, from 0</param>
    /// <param name="estimates">in the order of the values</param>
    /// <param name="scale">what the chart has multiplied the values by: 100 where it shows percent</param>
    /// <exception cref="ArgumentException">there are not as many as values, or others</exception>
    public static Figure WithIntervals(this Figure figure, int trace, IEnumerable<Estimate> estimates, double scale = 1)
    {
        var all = estimates.ToList();
        return figure.WithIntervals(trace, Values.Of(all.Select(e => scale * e.Low)), Values.Of(all.Select(e => scale * e.High)));
    }
}
